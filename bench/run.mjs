// npm run bench: direct, bare proxy and Portcullis side by side, in one run. See README.md.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { CASES, TYPICAL_CASE } from './cases.mjs';
import { measure } from './measure.mjs';
import { linesOf, tableOf } from './report.mjs';
import { ROW_NAMES, startRows } from './rows.mjs';
import { PINNING } from './server-process.mjs';

const { values } = parseArgs({
  options: {
    reps: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    warmup: { type: 'string', default: '1' },
    connections: { type: 'string', default: '32' },
    only: { type: 'string', default: ROW_NAMES.join(',') },
    cases: { type: 'string', default: '' },
    node: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});
const how = {
  connections: number('connections', 1, 10_000),
  warmup: number('warmup', 0, 600),
  seconds: values.quick ? 1 : number('seconds', 0.1, 600),
};
const reps = values.quick ? 1 : number('reps', 1, 100);
const rowNames = values.only.split(',');
const cases = values.quick ? [TYPICAL_CASE] : CASES.filter(({ name }) => name.includes(values.cases));
const strange = rowNames.filter((name) => !ROW_NAMES.includes(name));
if (strange.length > 0) throw new Error(`--only knows ${ROW_NAMES.join(', ')}; not ${strange.join(', ')}`);
if (cases.length === 0)
  throw new Error(`No case has "${values.cases}" in its name:\n${CASES.map(({ name }) => name).join('\n')}`);

const setting = describeSetting();
console.log(`Node ${setting.node}, ${setting.cpu}, ${how.connections} connections, ${reps} × ${how.seconds} s`);
if (!PINNING) console.log('Nothing is pinned here (it takes taskset and two cores): read the figures with care.');
if (setting.loadAverage > 1) console.log(`The machine is busy (load ${setting.loadAverage}): trust only CPU µs.`);

const results = await measureAll();
const report = [...results].map(([name, resultsOfRow]) => ({ name, lines: linesOf(resultsOfRow) }));
for (const { name, lines } of report) console.log(`\n${name}\n${tableOf(lines)}`);
console.log(`\nWritten to ${write()}`);
if (report.some(({ lines }) => lines.some(({ faults }) => faults > 0))) process.exitCode = 1;

/** Case → row → results. All rows and cases once, then again the other way round, so that drift touches all alike. */
async function measureAll() {
  const gathered = new Map(cases.map(({ name }) => [name, new Map(rowNames.map((row) => [row, []]))]));
  const { rows, stop } = await startRows(rowNames, values.node);
  try {
    for (let rep = 0; rep < reps; rep++) {
      for (const tested of cases) {
        for (const row of rep % 2 === 0 ? rows : rows.toReversed()) {
          process.stderr.write(`${rep + 1}/${reps} ${tested.name}, ${row.name} `);
          const result = await measure(row, tested, how);
          process.stderr.write(`${Math.round(result.perSecond)}/s\n`);
          if (result.firstFault) process.stderr.write(`${result.firstFault}\n`);
          gathered.get(tested.name).get(row.name).push(result);
        }
      }
    }
  } finally {
    await stop();
  }
  return gathered;
}

function write() {
  const folder = new URL('results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const name = `${new Date().toISOString().replaceAll(':', '-')}.json`;
  const raw = Object.fromEntries([...results].map(([tested, rows]) => [tested, Object.fromEntries(rows)]));
  writeFileSync(new URL(name, folder), `${JSON.stringify({ setting, report, raw }, null, 2)}\n`);
  return `bench/results/${name}`;
}

function describeSetting() {
  const node = values.node
    ? spawnSync(values.node, ['--version'], { encoding: 'utf8' }).stdout?.trim()
    : process.version;
  if (!node) throw new Error(`--node ${values.node} does not run`);
  const cpu = `${cpus().length} × ${cpus()[0]?.model.trim()}`;
  return {
    node,
    loadNode: process.version,
    cpu,
    loadAverage: Number(loadavg()[0]?.toFixed(2)),
    pinned: PINNING,
    reps,
    ...how,
  };
}

function number(option, least, most) {
  const value = Number(values[option]);
  if (!(value >= least && value <= most)) throw new Error(`--${option} is a number from ${least} to ${most}`);
  return value;
}
