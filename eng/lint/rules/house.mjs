// Documents that must stay true to the tree.
import { lineAt } from '../tree.mjs';

const stops = /^(\d)\. \*\*`([\w.]+\/)?([\w]+)(?:\.(\w+))?`\*\*/gm;

// docs/life-of-a-message.md names seven stops as `Folder/Type` or `Folder/Type.Method`; each exists in src.
function checkStops(tree) {
  const path = 'docs/life-of-a-message.md';
  if (!tree.has(path)) return [];
  const text = tree.text(path);
  const named = [...text.matchAll(stops)];
  const findings = named.length === 7 ? [] : [{ path, what: `names ${named.length} stops; a message makes seven` }];
  for (const match of named) {
    const [, number, folder = '', type, method] = match;
    const files = tree.files(new RegExp(`^src/(?:.*/)?${folder.replaceAll('.', '\\.')}(?:.*/)?${type}(?:\\.\\w+)?\\.cs$`));
    const exists = files.some((file) => !method || new RegExp(`\\b${method}\\(`).test(tree.code(file)));
    if (!exists) findings.push({ path, line: lineAt(text, match.index), what: `stop ${number}, ${folder}${type}${method ? `.${method}` : ''}, is not in the code` });
  }
  return findings;
}

// made by ./parley, not kept
const built = /^(?:web\/(?:public\/engine|dist)|artifacts)(?:\/|$)/;

// Links and `src/…` paths in documents lead somewhere.
function checkLinks(tree) {
  const folders = new Set(tree.paths.flatMap((path) => path.split('/').slice(0, -1).map((_, i, parts) => parts.slice(0, i + 1).join('/'))));
  const findings = [];
  for (const path of tree.files(/^(?:[A-Z]+\.md|(?:docs|spec|web|bench|deploy)\/.*\.md)$/)) {
    const text = tree.text(path);
    const base = path.split('/').slice(0, -1);
    for (const match of text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)|`((?:src|tests|docs|eng|bench|web|deploy)\/[\w./-]*\w\/?)`/g)) {
      const target = match[2] ?? resolve(base, match[1]);
      const clean = target.replace(/\/$/, '');
      if (built.test(clean)) continue;
      if (!tree.has(clean) && !folders.has(clean)) findings.push({ path, line: lineAt(text, match.index), what: `${match[1] ?? match[2]} does not exist` });
    }
  }
  return findings;
}

function resolve(base, link) {
  const parts = [...base];
  for (const part of link.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

// docs/decisions/NNNN-title.md: one number each, at most 60 lines.
function checkDecisions(tree) {
  const findings = [];
  const seen = new Map();
  for (const path of tree.files(/^docs\/decisions\/.*\.md$/)) {
    const number = path.match(/\/(\d{4})-[a-z0-9-]+\.md$/)?.[1];
    if (!number) findings.push({ path, what: 'is not named NNNN-title.md' });
    else if (seen.has(number)) findings.push({ path, what: `has the number of ${seen.get(number)}` });
    seen.set(number, path);
    const count = tree.text(path).split('\n').length - 1;
    if (count > 60) findings.push({ path, what: `${count} lines; 60 at most` });
  }
  return findings;
}

const seven = (last) => [1, 2, 3, 4, 5, 6].map((n) => `${n}. **\`Edge/Session\`** reads.`).join('\n') + `\n7. **\`${last}\`** sends.\n`;

export const rules = [
  {
    name: 'seven-stops',
    why: 'who follows the page must arrive',
    check: checkStops,
    good: [{ 'docs/life-of-a-message.md': seven('Edge/Session.Push'), 'src/Parley.Server/Edge/Session.cs': 'void Push(int a) { }' }],
    bad: [
      { 'docs/life-of-a-message.md': seven('Edge/Outbox'), 'src/Parley.Server/Edge/Session.cs': '' },
      { 'docs/life-of-a-message.md': seven('Edge/Session.Push'), 'src/Parley.Server/Edge/Session.cs': '' },
      { 'docs/life-of-a-message.md': '1. **`Edge/Session`** reads.', 'src/Parley.Server/Edge/Session.cs': '' },
    ],
  },
  {
    name: 'links',
    why: 'documents lead somewhere',
    check: checkLinks,
    good: [{ 'docs/a.md': '[b](b.md#top), [code](../src/x.cs), `src/x.cs`, `src/`', 'docs/b.md': '', 'src/x.cs': '' }],
    bad: [{ 'docs/a.md': '[b](b.md)' }, { 'README.md': 'see `src/Gone.cs`' }],
  },
  {
    name: 'decisions',
    why: 'a decision is found by its number and read in a minute',
    check: checkDecisions,
    good: [{ 'docs/decisions/0001-rocksdb.md': 'x\n', 'docs/decisions/0002-orleans.md': 'x\n' }],
    bad: [{ 'docs/decisions/0001-a.md': '', 'docs/decisions/0001-b.md': '' }, { 'docs/decisions/rocksdb.md': '' }, { 'docs/decisions/0001-a.md': 'x\n'.repeat(61) }],
  },
];
