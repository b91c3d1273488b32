// The rooms of the house and the arrows between them (docs/architecture.md). A project that is not listed here has no place yet:
// give it one there and here in the same change.
import { lineAt } from '../tree.mjs';

const arrows = {
  'Parley.Protocol': [],
  'Parley.Mls': [],
  'Parley.MessageLog': ['Parley.Protocol'],
  'Parley.Server': ['Parley.Protocol', 'Parley.MessageLog', 'Parley.Mls'],
  'Parley.Engine': ['Parley.Protocol', 'Parley.Mls'],
  'Parley.Client': ['Parley.Engine'],
  'Parley.Engine.Browser': ['Parley.Engine'],
  'Parley.Cli': ['Parley.Server', 'Parley.Client'],
};
const rooms = ['.ci', '.github', 'bench', 'deploy', 'docs', 'eng', 'spec', 'src', 'tests', 'web'];
const rootFiles = /^(?:\.editorconfig|\.gitattributes|\.gitignore|CONTRIBUTING\.md|Directory\.(?:Build|Packages)\.(?:props|targets)|LICENSE|NOTICE|Parley\.slnx|README\.md|SECURITY\.md|global\.json|nuget\.config|parley)$/;
// published for the browser by ./parley, with an SDK that a plain build of the solution should not need
const outsideTheSolution = /^src\/Parley\.Engine\.Browser\//;

const project = (...references) =>
  `<Project><ItemGroup>${references.map((r) => `<ProjectReference Include="../${r}/${r}.csproj" />`).join('\n')}</ItemGroup></Project>`;

function checkArrows(tree) {
  const findings = [];
  for (const path of tree.files(/^src\/[^/]+\/[^/]+\.csproj$/)) {
    const name = path.split('/')[1];
    if (!arrows[name]) findings.push({ path, what: `${name} is no room of the house` });
    for (const match of tree.text(path).matchAll(/<ProjectReference\s+Include="([^"]+)"/g)) {
      const target = match[1].replaceAll('\\', '/').split('/').pop().replace('.csproj', '');
      if (arrows[name] && !arrows[name].includes(target))
        findings.push({ path, line: lineAt(tree.text(path), match.index), what: `${name} -> ${target} is no arrow of the house` });
    }
  }
  return findings;
}

function checkRooms(tree) {
  return tree.paths
    .filter((path) => (path.includes('/') ? !rooms.includes(path.split('/')[0]) : !rootFiles.test(path)))
    .map((path) => ({ path, what: 'the root has no such room' }));
}

function checkSolution(tree) {
  const solution = tree.has('Parley.slnx') ? tree.text('Parley.slnx') : '';
  return tree
    .files(/^(?:src|tests|bench)\/.*\.csproj$/)
    .filter((path) => !outsideTheSolution.test(path) && !solution.includes(`"${path}"`))
    .map((path) => ({ path, what: 'is not in Parley.slnx, so nobody builds it' }));
}

// In the server a namespace follows its folders, so that a `using` says which room is entered. Elsewhere it begins with the
// project's own name; a folder may be no more than an order of files.
function checkNamespaces(tree) {
  const findings = [];
  for (const path of tree.files(/^(?:src|tests)\/[^/]+\/.*\.cs$/)) {
    const [, project, ...folders] = path.split('/').slice(0, -1);
    const match = tree.code(path).match(/^namespace ([\w.]+)/m);
    if (!match || folders.includes('Migrations')) continue;
    const expected = project === 'Parley.Server' ? [project, ...folders].join('.') : project;
    const holds = project === 'Parley.Server' ? match[1] === expected : `${match[1]}.`.startsWith(`${expected}.`);
    if (!holds) findings.push({ path, line: lineAt(tree.code(path), match.index), what: `namespace ${match[1]}; the folder says ${expected}` });
  }
  return findings;
}

export const rules = [
  {
    name: 'project-arrows',
    why: 'docs/architecture.md draws the only arrows',
    check: checkArrows,
    good: [
      { 'src/Parley.Server/Parley.Server.csproj': project('Parley.Protocol', 'Parley.MessageLog') },
      { 'tests/Parley.Simulator/Parley.Simulator.csproj': project('Parley.Server', 'Parley.Engine') },
    ],
    bad: [
      { 'src/Parley.Protocol/Parley.Protocol.csproj': project('Parley.Engine') },
      { 'src/Parley.Client/Parley.Client.csproj': project('Parley.Engine', 'Parley.Server') },
      { 'src/Parley.Common/Parley.Common.csproj': project() },
    ],
  },
  {
    name: 'rooms',
    why: 'the root stays readable',
    check: checkRooms,
    good: [{ 'src/a.cs': '', 'README.md': '', parley: '' }],
    bad: [{ 'scripts/a.sh': '' }, { 'notes.md': '' }],
  },
  {
    name: 'solution',
    why: 'a project outside the solution is never built',
    check: checkSolution,
    good: [{ 'Parley.slnx': '<Project Path="src/A/A.csproj" />', 'src/A/A.csproj': '' }],
    bad: [{ 'Parley.slnx': '', 'tests/A.Tests/A.Tests.csproj': '' }],
  },
  {
    name: 'namespaces',
    why: 'a using must say which room is entered',
    check: checkNamespaces,
    good: [{ 'src/Parley.Server/Edge/Session.cs': 'namespace Parley.Server.Edge;' }, { 'src/Parley.Mls/Tree/Node.cs': 'namespace Parley.Mls;' }, { 'src/Parley.Cli/Program.cs': 'return 0;' }],
    bad: [{ 'src/Parley.Server/Edge/Session.cs': 'namespace Parley.Server;' }, { 'src/Parley.Mls/Tree/Node.cs': 'namespace Parley.Tree;' }],
  },
];
