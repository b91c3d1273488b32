// The pages: layers, both writing directions, every word through i18next.
import { posix } from 'node:path';
import { findAll, lineAt } from '../tree.mjs';

const layers = { engine: ['engine'], state: ['state', 'engine'], ui: ['ui', 'state'] };
const imports = /\b(?:from|import)\s*\(?\s*(['"])([^'"\n]+)\1/g;

function checkLayers(tree) {
  const findings = [];
  for (const path of tree.files(/^web\/src\/(?:engine|state|ui)\/.*\.tsx?$/)) {
    const layer = path.split('/')[2];
    for (const match of tree.text(path).matchAll(imports)) {
      if (!match[2].startsWith('.')) continue;
      const [, , target] = posix.join(posix.dirname(path), match[2]).split('/');
      if (layers[target] && !layers[layer].includes(target))
        findings.push({ path, line: lineAt(tree.text(path), match.index), what: `${layer} -> ${target}` });
    }
  }
  return findings;
}

const physicalProperty =
  /(?:^|[;{\s])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)(?:-\w+)?|border-(?:top|bottom)-(?:left|right)-radius|left|right)\s*:|text-align\s*:\s*(?:left|right)|float\s*:\s*(?:left|right)/g;
const physicalClass =
  /(?<![\w-])-?(?:(?:ml|mr|pl|pr|left|right|rounded-(?:l|r|tl|tr|bl|br)|border-(?:l|r)|scroll-m[lr]|scroll-p[lr])-(?:\[|\d|auto|px|full|none|sm|md|lg|xl)|text-(?:left|right)(?![\w-])|float-(?:left|right))/g;
const physicalStyle = /\b(?:margin|padding|border)(?:Left|Right)\w*\s*:/g;

const bareText = />\s*[A-Z][a-z]+[^<>{}=;]*<\//g;
const bareAttribute = /\s(?:aria-label|title|placeholder|alt)="[^"]*[A-Za-z]{2}[^"]*"/g;

/** Keys of an object literal, nested ones joined by dots: `{ app: { name: 'Parley' } }` -> app.name */
function keysOf(code) {
  const keys = new Set();
  const path = [];
  for (const [, key, opens, closes] of code.matchAll(/(?<=(?:^|[{,\n])\s*)([\w$]+)\s*:\s*(\{)?|(\})/g)) {
    if (closes) path.pop();
    else if (opens) path.push(key);
    else keys.add([...path, key].join('.'));
  }
  return keys;
}

function checkLocales(tree) {
  const locales = tree.files(/^web\/src\/ui\/text\/[a-z]{2}(?:-[A-Z]{2})?\.ts$/);
  const reference = locales.find((path) => path.endsWith('/en.ts'));
  if (!reference) return [];
  const expected = keysOf(tree.code(reference));
  return locales.flatMap((path) => {
    const keys = keysOf(tree.code(path));
    return [
      ...[...expected].filter((key) => !keys.has(key)).map((key) => ({ path, what: `lacks ${key}` })),
      ...[...keys].filter((key) => !expected.has(key)).map((key) => ({ path, what: `${key} is not in ${reference}` })),
    ];
  });
}

export const rules = [
  {
    name: 'web-layers',
    why: 'ui -> state -> engine',
    check: checkLayers,
    good: [{ 'web/src/ui/app.tsx': "import { chats } from '../state/chats.ts';", 'web/src/state/chats.ts': "import { open } from '../engine/shell.ts';" }],
    bad: [
      { 'web/src/state/chats.ts': "import { App } from '../ui/app.tsx';" },
      { 'web/src/engine/shell.ts': "export * from '../state/chats.ts';" },
      { 'web/src/ui/app.tsx': "const shell = await import('../engine/shell.ts');" },
    ],
  },
  {
    name: 'logical-properties',
    why: 'half the world writes from the right: start and end, not left and right',
    check: (tree) => [
      ...findAll(tree, /^web\/.*\.css$/, physicalProperty, (match) => match[0].trim(), { inCode: false }),
      ...findAll(tree, /^web\/.*\.(?:tsx|html)$/, physicalClass, (match) => match[0], { inCode: false }),
      ...findAll(tree, /^web\/.*\.tsx$/, physicalStyle, (match) => match[0], { inCode: false }),
    ],
    good: [
      { 'web/src/ui/a.css': '.a { margin-inline-start: 1rem; inset-inline-end: 0; text-align: start; }' },
      { 'web/src/ui/a.tsx': '<div className="ms-2 pe-4 text-start left-hand" />' },
    ],
    bad: [
      { 'web/src/ui/a.css': '.a { margin-left: 1rem; }' },
      { 'web/src/ui/a.css': '.a {\n  right: 0;\n}' },
      { 'web/src/ui/a.tsx': '<div className="flex ml-2" />' },
      { 'web/src/ui/a.tsx': '<div style={{ paddingLeft: 4 }} />' },
    ],
  },
  {
    name: 'words-through-i18next',
    why: 'a word in a page is a word nobody can translate',
    check: (tree) => [
      ...findAll(tree, /^web\/src\/.*\.tsx$/, bareText, (match) => match[0].trim(), { inCode: false }),
      ...findAll(tree, /^web\/src\/.*\.tsx$/, bareAttribute, (match) => match[0].trim(), { inCode: false }),
    ],
    good: [{ 'web/src/ui/a.tsx': "<button aria-label={t('send')}>{t('send')}</button>" }],
    bad: [{ 'web/src/ui/a.tsx': '<button>Send</button>' }, { 'web/src/ui/a.tsx': '<img alt="A photo" />' }],
  },
  {
    name: 'locales',
    why: 'every language has every word',
    check: checkLocales,
    good: [
      { 'web/src/ui/text/en.ts': "export const en = {\n  app: { name: 'Parley' },\n  send: 'Send',\n};", 'web/src/ui/text/de.ts': "export const de = {\n  app: { name: 'Parley' },\n  send: 'Senden',\n};" },
    ],
    bad: [
      { 'web/src/ui/text/en.ts': "export const en = { send: 'Send', app: { name: 'P' } };", 'web/src/ui/text/de.ts': "export const de = { send: 'Senden' };" },
      { 'web/src/ui/text/en.ts': "export const en = { send: 'Send' };", 'web/src/ui/text/de.ts': "export const de = { send: 'Senden', old: 'Alt' };" },
    ],
  },
];
