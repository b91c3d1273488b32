// Prints what a browser fetches before the first paint and fails when it passes the budget of the issue: 220 kB of JavaScript, gzip.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url).pathname;
const budgetBytes = 220_000;
const engineBudgetBytes = 1_900_000;

/** The entry, what it imports statically, and what the page asks to be fetched beside it. */
function firstPaintScripts() {
  const html = readFileSync(join(dist, 'index.html'), 'utf8');
  const found = new Set();
  const queue = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((match) => match[1]);
  while (queue.length > 0) {
    const path = queue.pop();
    if (found.has(path)) continue;
    found.add(path);
    const code = readFileSync(join(dist, path), 'utf8');
    for (const match of code.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)) queue.push(`assets/${match[1]}`);
  }
  return [...found];
}

function engineBytes(folder) {
  let total = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) total += engineBytes(path);
    else if (/\.(js|wasm|dat)$/.test(entry.name)) {
      total += existsSync(`${path}.br`) ? readFileSync(`${path}.br`).length : brotliCompressSync(readFileSync(path)).length;
    }
  }
  return total;
}

const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
let failed = false;
const scripts = firstPaintScripts();
const total = scripts.reduce((sum, path) => sum + gzipSync(readFileSync(join(dist, path)), { level: 9 }).length, 0);
console.log(`JavaScript before first paint: ${kB(total)} gzip in ${scripts.length} file(s), budget ${kB(budgetBytes)}`);
failed ||= total > budgetBytes;

if (existsSync(join(dist, 'engine'))) {
  const bytes = engineBytes(join(dist, 'engine'));
  console.log(`Engine: ${kB(bytes)} brotli, budget ${kB(engineBudgetBytes)}`);
  // Told, not failed: the pages are whole with any engine, and what makes it larger is decided in src/Parley.Engine.
  if (bytes > engineBudgetBytes) console.error('The engine is over its budget.');
} else {
  console.log('Engine: not in public/engine; the pages will show and keep what is written, and send nothing');
}
if (failed) {
  console.error('Over budget.');
  process.exit(1);
}
