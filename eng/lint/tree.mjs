// What rules look at: the files git knows or would take, as paths below the root with their text on demand.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { maskCSharp, maskScript } from './mask.mjs';

const readable = /\.(cs|csproj|props|slnx|ts|tsx|mjs|css|html|md|json|sh|proto)$/;

export function readTree(root) {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  const paths = [...new Set(listed.split('\0'))].filter((path) => path && existsSync(join(root, path)));
  return new Tree(paths, (path) => readFileSync(join(root, path), 'utf8'));
}

/** A rule's sample is `{ path: text }`. */
export const sampleTree = (sample) => new Tree(Object.keys(sample), (path) => sample[path]);

class Tree {
  #read;
  #texts = new Map();
  #masked = new Map();

  constructor(paths, read) {
    this.paths = paths;
    this.#read = read;
  }

  files = (pattern) => this.paths.filter((path) => pattern.test(path) && readable.test(path));

  has = (path) => this.paths.includes(path);

  text(path) {
    if (!this.#texts.has(path)) this.#texts.set(path, this.#read(path));
    return this.#texts.get(path);
  }

  /** The code with the insides of strings and comments blanked out, at the same places. */
  code(path) {
    if (!this.#masked.has(path)) this.#masked.set(path, (path.endsWith('.cs') ? maskCSharp : maskScript)(this.text(path)));
    return this.#masked.get(path);
  }
}

export const lineAt = (text, index) => {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < index; at = text.indexOf('\n', at + 1)) line++;
  return line;
};

/** A finding for every match of a pattern in the files' text (or code). */
export function findAll(tree, files, pattern, what, { inCode = true } = {}) {
  const findings = [];
  for (const path of tree.files(files)) {
    const text = inCode ? tree.code(path) : tree.text(path);
    for (const match of text.matchAll(pattern)) {
      const line = lineAt(text, match.index + match[0].search(/\S/));
      findings.push({ path, line, what: typeof what === 'function' ? what(match) : what });
    }
  }
  return findings;
}
