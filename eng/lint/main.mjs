// Runs every rule on its own samples (each good one must pass, each bad one must be found) and then on the tree.
// Ends with the line `N passed, N failed`; a finding is `path:line: what (rule)`.
import { exceptions } from './exceptions.mjs';
import { readTree, sampleTree } from './tree.mjs';
import { rules as house } from './rules/house.mjs';
import { rules as layout } from './rules/layout.mjs';
import { rules as server } from './rules/server.mjs';
import { rules as sizes } from './rules/sizes.mjs';
import { rules as tests } from './rules/tests.mjs';
import { rules as text } from './rules/text.mjs';
import { rules as web } from './rules/web.mjs';

const all = [...layout, ...server, ...sizes, ...text, ...tests, ...web, ...house];
const wanted = process.argv[2];
const rules = wanted ? all.filter((rule) => rule.name.includes(wanted)) : all;
if (rules.length === 0) {
  console.error(`lint: no rule is named ${wanted}. Known: ${all.map((rule) => rule.name).join(', ')}`);
  process.exit(2);
}

let passed = 0;
const failures = [];
const note = (failed, message) => (failed ? failures.push(message) : passed++);

function checkSamples(rule) {
  for (const [index, sample] of rule.good.entries()) {
    const found = rule.check(sampleTree(sample));
    note(found.length > 0, `rule ${rule.name}: good sample ${index + 1} is refused: ${found[0]?.what}`);
  }
  for (const [index, sample] of rule.bad.entries())
    note(rule.check(sampleTree(sample)).length === 0, `rule ${rule.name}: bad sample ${index + 1} is not found`);
  if (rule.good.length === 0 || rule.bad.length === 0) failures.push(`rule ${rule.name} lacks a good or a bad sample`);
}

// An exception that excuses nothing any more is a finding too, so that the list only holds what is true.
function checkTree(rule, tree) {
  const excused = exceptions.filter((exception) => exception.rule === rule.name);
  const used = new Set();
  const left = rule.check(tree).filter((finding) => {
    const exception = excused.find(({ path, what }) => path === finding.path && finding.what.includes(what ?? ''));
    if (exception) used.add(exception);
    return !exception;
  });
  for (const { path, line, what } of left) failures.push(`${path}${line ? `:${line}` : ''}: ${what} (${rule.name}: ${rule.why})`);
  for (const exception of excused)
    if (!used.has(exception) && tree.has(exception.path)) failures.push(`eng/lint/exceptions.mjs: ${rule.name} ${exception.path} excuses nothing any more`);
  if (left.length === 0) passed++;
}

const tree = readTree(new URL('../..', import.meta.url).pathname);
for (const rule of rules) {
  checkSamples(rule);
  checkTree(rule, tree);
}
for (const failure of failures) console.log(failure);
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length > 0 ? 1 : 0);
