// What searching tools costs: node bench/search.mjs [--reps 5] [--queries 300]. Needs `npm run build`.
// Made-up tools in the shape of real ones (a name of three words, a description of 5 to 60, up to six arguments), indexed and
// searched in this process as the gate does. The index is built in slices of 5 ms, in between which the process serves calls;
// its memory is what the heap grows by. Figures are medians of the repetitions; queries have three words out of the
// vocabulary, the worst one 32 that are cut off or misspelled.
import { cpus, loadavg } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parseArgs } from 'node:util';
import { ToolIndex } from '../dist/src/gateway-proxy/search/tool-index.js';

const { values } = parseArgs({
  options: { reps: { type: 'string', default: '5' }, queries: { type: 'string', default: '300' } },
});
const REPS = Number(values.reps);
const QUERIES = Number(values.queries);
if (!(REPS >= 1 && REPS <= 100)) throw new Error('--reps is a number from 1 to 100');
if (!(QUERIES >= 10 && QUERIES <= 100_000)) throw new Error('--queries is a number from 10 to 100000');
const SIZES = [1_000, 5_000, 10_000];
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

let state = 42;
const words = vocabulary(3_000);

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}, load ${loadavg()[0]?.toFixed(2)}`);
const rows = [];
await measure(SIZES[0]);
for (const size of SIZES) {
  const runs = [];
  for (let rep = 0; rep < REPS; rep += 1) runs.push(await measure(size));
  const [kind] = runs;
  rows.push({
    tools: size,
    ...Object.fromEntries(Object.keys(kind).map((name) => [name, round(median(runs.map((run) => run[name])))])),
  });
}
console.table(rows);

async function measure(size) {
  const tools = Array.from({ length: size }, (_, at) => toolOf(at));
  collect();
  const before = process.memoryUsage().heapUsed;
  const from = performance.now();
  const index = await ToolIndex.of(tools);
  const built = performance.now() - from;
  collect();
  const heap = process.memoryUsage().heapUsed - before;
  const took = Array.from({ length: QUERIES }, () => timed(index, some(3).join(' '))).toSorted((a, b) => a - b);
  const odd = some(32).map((word) => `${word.slice(0, -2)}x`);
  const worst = Math.max(...Array.from({ length: 10 }, () => timed(index, odd.join(' '))));
  return {
    'build ms': built,
    'heap MiB': heap / 2 ** 20,
    'query p50 ms': took[took.length >> 1],
    'query p99 ms': took[Math.floor(took.length * 0.99)],
    'worst query ms': worst,
  };
}

function timed(index, query) {
  const from = performance.now();
  index.find(query, 20);
  return performance.now() - from;
}

function toolOf(at) {
  const name = `${words[at % 50]}-${some(2).join('-')}-${at}`;
  const properties = Object.fromEntries(some(random(7)).map((word) => [word, { type: 'string' }]));
  return {
    name,
    definition: { name, description: some(5 + random(56)).join(' '), inputSchema: { type: 'object', properties } },
  };
}

/** As in a language, few words are frequent and many are rare. */
function some(count) {
  return Array.from({ length: count }, () => words[Math.floor(words.length * (random(1e6) / 1e6) ** 3)]);
}

function vocabulary(size) {
  const [consonants, vowels] = ['bcdfglmnprstv', 'aeiou'];
  const syllable = () => consonants[random(consonants.length)] + vowels[random(vowels.length)];
  return Array.from({ length: size }, () => Array.from({ length: 2 + random(3) }, syllable).join(''));
}

function random(end) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * end);
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

function round(number) {
  return Math.round(number * 100) / 100;
}
