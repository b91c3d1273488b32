// Files aim at 150 lines and functions at 20; these are the ends of the road. What is longer needs a reason in exceptions.mjs.
import { lineAt } from '../tree.mjs';

const sources = /\.(cs|ts|tsx|mjs|sh)$|^parley$/;
const maxFileLines = 400;
const maxFunctionLines = 60;

const lines = (count, line = 'x') => `${line}\n`.repeat(count);
const notFunctions = /^(?:if|for|foreach|while|switch|using|lock|catch|fixed|else|do|try|finally|checked|unchecked|namespace|get|set|init)\b/;

/** Every `{ … }` that is a function's body: [first line of its header, line of its closing brace, its name]. */
function* functions(code) {
  const open = [];
  for (const match of code.matchAll(/[{}]/g)) {
    if (match[0] === '{') {
      open.push(headerBefore(code, match.index));
      continue;
    }
    const header = open.pop();
    if (header?.name) yield [header.line, lineAt(code, match.index), header.name];
  }
}

// The text between the last statement's end and the brace; a function's ends with `)`, a constraint, or `=>`.
function headerBefore(code, brace) {
  const from = Math.max(code.lastIndexOf(';', brace), code.lastIndexOf('}', brace - 1), code.lastIndexOf('{', brace - 1)) + 1;
  const header = code.slice(from, brace).replace(/^\s*(?:\[[^\]]*\]\s*)*/, (blank) => ' '.repeat(blank.length)).trimStart();
  const start = brace - header.length;
  const flat = header.replace(/\s+/g, ' ').trim();
  const isType = /\b(?:class|struct|record|interface|enum)\s+\w/.test(flat) && !/=>$/.test(flat);
  if (isType || notFunctions.test(flat) || /\bdescribe\(/.test(flat)) return {};
  const called = flat.match(/([\w$]+)\s*(?:<[^()]*>)?\s*\(/)?.[1];
  if (!/\)(?:\s*:[^=]*|\s*where .*)?$|=>$/.test(flat) || /\bnew\b[^=>]*\)$/.test(flat)) return {};
  return { name: called ?? 'a lambda', line: lineAt(code, start) };
}

function checkFunctions(tree) {
  const findings = [];
  for (const path of tree.files(/\.(cs|ts|tsx|mjs)$/)) {
    // made by dotnet ef, not written
    if (path.includes('/Migrations/')) continue;
    for (const [first, last, name] of functions(tree.code(path)))
      if (last - first + 1 > maxFunctionLines)
        findings.push({ path, line: first, what: `${name} has ${last - first + 1} lines; ${maxFunctionLines} at most` });
  }
  return findings;
}

function checkFiles(tree) {
  return tree.files(sources).flatMap((path) => {
    const count = tree.text(path).split('\n').length - 1;
    return count > maxFileLines ? [{ path, what: `${count} lines; ${maxFileLines} at most` }] : [];
  });
}

export const rules = [
  {
    name: 'file-size',
    why: 'a file that long holds more than one thing',
    check: checkFiles,
    good: [{ 'src/Parley.Mls/Tree.cs': lines(400) }, { 'docs/long.md': lines(900) }],
    bad: [{ 'src/Parley.Mls/Tree.cs': lines(401) }, { 'web/src/ui/chat.tsx': lines(401) }],
  },
  {
    name: 'function-size',
    why: 'a function that long hides its steps',
    check: checkFunctions,
    good: [
      { 'src/A.cs': `class A\n{\n    void Run()\n    {\n${lines(50, '        x();')}    }\n${lines(30, '    int _a;')}}\n` },
      { 'src/A.cs': `class A\n{\n    string Text() => "{";\n${lines(80, '    int _a; // {')}}\n` },
      { 'src/A.cs': `static readonly Dictionary<int, int> A = new()\n{\n${lines(90, '  [1] = 2,')}};\n` },
      { 'web/src/a.test.ts': `describe('a', () => {\n${lines(90, "  test('b', run);")}});\n` },
    ],
    bad: [
      { 'src/A.cs': `class A\n{\n    [Fact]\n    public async Task Run_it(int a)\n    {\n${lines(60, '        x();')}    }\n}\n` },
      { 'src/A.cs': `class A\n{\n    void Run<T>(T a)\n        where T : class\n    {\n${lines(60, '        x();')}    }\n}\n` },
      { 'src/A.cs': `var a = list.Select(x =>\n{\n${lines(60, '    x();')}});\n` },
      { 'web/src/a.ts': `export function run(a: string): void {\n${lines(60, '  x();')}}\n` },
      { 'web/src/a.tsx': `export const Chat = ({ a }: Props) => {\n${lines(60, '  x();')}};\n` },
    ],
  },
];
