// Blanks the insides of comments and strings, keeping every line and column, so that rules see code only. Good enough for
// well-formed code that a formatter holds; holes of interpolated strings are blanked with their string.

const csharp = [
  /\/\/[^\n]*/y,
  /\/\*[\s\S]*?\*\//y,
  /\$*("{3,})[\s\S]*?\1/y, // raw
  /(?:\$@|@\$|@)"(?:[^"]|"")*"/y, // verbatim
  /\$?"(?:\\.|[^"\\\n])*"/y,
  /'(?:\\.[^'\n]*|[^'\\\n])'/y,
];

const script = [/\/\/[^\n]*/y, /\/\*[\s\S]*?\*\//y, /`(?:\\[\s\S]|[^`\\])*`/y, /"(?:\\.|[^"\\\n])*"/y, /'(?:\\.|[^'\\\n])*'/y];

function mask(text, patterns, starts) {
  let out = '';
  for (let at = 0; at < text.length; ) {
    const token = starts.test(text[at]) ? longestAt(text, at, patterns) : null;
    if (token) {
      const keep = /["'`]/.test(token[0]) || /["`]/.test(token) ? 1 : 0;
      const inside = token.slice(keep, token.length - keep).replace(/[^\n]/g, ' ');
      out += token.slice(0, keep) + inside + token.slice(token.length - keep);
      at += token.length;
    } else out += text[at++];
  }
  return out;
}

function longestAt(text, at, patterns) {
  for (const pattern of patterns) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) return match[0];
  }
  return null;
}

export const maskCSharp = (text) => mask(text, csharp, /["'/$@]/);
export const maskScript = (text) => mask(text, script, /["'`/]/);
