// The house rules of the pages that neither Biome nor the compiler knows: logical properties only, no text outside i18next,
// no style or script in the page itself, files of at most 400 lines.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
const findings = [];

const physicalClass =
  /(?<![\w-])-?(?:ml|mr|pl|pr|left|right|rounded-(?:l|r|tl|tr|bl|br)|border-(?:l|r)|scroll-m[lr]|scroll-p[lr])-(?:\[|\d|auto|px|full|none|sm|md|lg|xl)|text-(?:left|right)(?![\w-])|float-(?:left|right)/;
const physicalProperty =
  /^\s*(?:(?:margin|padding|border)-(?:left|right)(?:-\w+)?|left|right|border-(?:top|bottom)-(?:left|right)-radius|text-align:\s*(?:left|right)|float:\s*(?:left|right))\s*[:;]/;
const bareText = />\s*[A-Z][a-z]+[^<>{}=;]*<\//;
const bareAttribute = /\s(?:aria-label|title|placeholder|alt)="[^"]*[A-Za-z]{2}/;

function check(path, text) {
  const lines = text.split('\n');
  if (lines.length > 400) findings.push(`${path}: ${lines.length} lines; 400 at most`);
  for (const [index, line] of lines.entries()) {
    const where = `${path}:${index + 1}`;
    if (/\.(tsx|ts)$/.test(path) && physicalClass.test(line)) findings.push(`${where}: a physical direction; use start/end`);
    if (path.endsWith('.css') && physicalProperty.test(line))
      findings.push(`${where}: a physical property; use its logical form`);
    if (path.endsWith('.tsx') && (bareText.test(line) || bareAttribute.test(line)))
      findings.push(`${where}: text that is not in i18next`);
    if (path.endsWith('.html') && (/<style|style="|<script(?![^>]*src)/.test(line) || /\son\w+="/.test(line)))
      findings.push(`${where}: inline style or script; the content security policy refuses it`);
  }
}

function walk(folder) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) walk(path);
    else if (/\.(ts|tsx|css|html)$/.test(entry.name)) check(path, readFileSync(join(root, path), 'utf8'));
  }
}

for (const folder of ['src', 'e2e']) walk(folder);
check('index.html', readFileSync(join(root, 'index.html'), 'utf8'));
for (const finding of findings) console.error(finding);
process.exit(findings.length > 0 ? 1 : 0);
