// Writes the sample estate: resources.jsonl and one events/<table>.jsonl.gz per table. Everything is invented; the same seed
// gives the same bytes. Run after a change: `node content/sample/generate.mjs`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { dirname, join } from 'node:path';
import { resources } from './estate.mjs';
import { events } from './day.mjs';
import { random } from './random.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const lines = rows => rows.map(r => JSON.stringify(r)).join('\n') + '\n';

const estate = resources(random(7));
writeFileSync(join(here, 'resources.jsonl'), lines(estate));

mkdirSync(join(here, 'events'), { recursive: true });
const day = events(random(11));
for (const [table, rows] of Object.entries(day)) {
  rows.sort((a, b) => (a.TimeGenerated < b.TimeGenerated ? -1 : a.TimeGenerated > b.TimeGenerated ? 1 : 0));
  // A fixed time in the header keeps the archive the same from run to run.
  writeFileSync(join(here, 'events', `${table}.jsonl.gz`), gzipSync(lines(rows), { level: 9 }));
  console.log(`${table}: ${rows.length}`);
}
console.log(`resources: ${estate.length}`);
