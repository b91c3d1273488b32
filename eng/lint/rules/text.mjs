// Names and leftovers, in any language of the house.
import { findAll } from '../tree.mjs';

const suffixes = 'Managers?|Helpers?|Utils?|Utilities|Services?|Processors?|Base|Impl|Data|Info';
const declared = new RegExp(`\\b(?:class|struct|record|interface|enum|type|delegate \\S+)\\s+(\\w*(?:${suffixes}))\\b(?!\\s*\\()`, 'g');
const declaredWithParameters = new RegExp(`\\b(?:class|struct|record|record struct)\\s+(\\w*(?:${suffixes}))\\s*[(<]`, 'g');

const lintItself = (path) => path.startsWith('eng/lint/');
const outsideLint = (findings) => findings.filter(({ path }) => !lintItself(path));

export const rules = [
  {
    name: 'names',
    why: 'say what it does',
    check: (tree) =>
      outsideLint([declared, declaredWithParameters].flatMap((pattern) => findAll(tree, /\.(cs|ts|tsx)$/, pattern, (match) => `${match[1]} says nothing`))),
    good: [
      { 'src/A.cs': 'sealed class FanOut { } // a UserManager would say nothing' },
      { 'src/A.cs': 'TheoryData<int> Rows => [];\nUserManager<Account> _users;' },
      { 'web/src/a.ts': 'export type ChatRow = { info: string };' },
    ],
    bad: [
      { 'src/A.cs': 'class SessionManager { }' },
      { 'src/A.cs': 'sealed record ChatInfo(string Title);' },
      { 'src/A.cs': 'abstract class HandlerBase<T> { }' },
      { 'web/src/a.ts': 'export type ChatData = { a: string };' },
    ],
  },
  {
    name: 'no-region',
    why: 'what needs folding needs splitting',
    check: (tree) => findAll(tree, /\.cs$/, /^[ \t]*#(?:end)?region\b/gm, '#region'),
    good: [{ 'src/A.cs': '#if PARLEY_MUTANTS\n#endif' }],
    bad: [{ 'src/A.cs': '    #region Fields\n' }],
  },
  {
    name: 'todo',
    why: 'what is to be done has an issue, or is done now',
    check: (tree) =>
      outsideLint(findAll(tree, /\.(cs|ts|tsx|mjs|css|sh|proto|md)$/, /\b(?:TODO|FIXME|HACK|XXX)\b(?! ?\(?#\d+)/g, 'a TODO without its issue number', { inCode: false })),
    good: [{ 'src/A.cs': '// TODO #12: pages' }, { 'src/A.cs': '// TODO (#12) pages' }],
    bad: [{ 'src/A.cs': '// TODO: pages' }, { 'web/src/a.ts': '// FIXME' }],
  },
  {
    name: 'console',
    why: 'only the command line owns stdout; servers and libraries log',
    check: (tree) => findAll(tree, /^src\/(?!Parley\.Cli\/).*\.cs$/, /\bConsole\.(?:Write|Read|Out|Error|In|Open)\w*/g, (match) => match[0]),
    good: [{ 'src/Parley.Cli/A.cs': 'Console.WriteLine();' }, { 'src/Parley.Server/A.cs': 'using Spectre.Console;' }],
    bad: [{ 'src/Parley.Server/A.cs': 'Console.WriteLine();' }],
  },
];
