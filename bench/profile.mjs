// Where the CPU time of Portcullis goes under the typical call: the 25 functions with the most time of their own.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { TYPICAL_CASE } from './cases.mjs';
import { measure } from './measure.mjs';
import { startPortcullis } from './portcullis.mjs';
import { OTHER_CORE, startServer } from './server-process.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    node: { type: 'string' },
    top: { type: 'string', default: '25' },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'portcullis-profile-'));
try {
  await record(folder);
  print(lastSeconds(largestProfile(folder), Number(values.seconds)));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function record(into) {
  const echo = fileURLToPath(new URL('echo-upstream.mjs', import.meta.url));
  const upstream = await startServer({ args: [echo], core: OTHER_CORE });
  // The profile is written when the process ends by itself, as the graceful stop on SIGTERM lets it.
  const nodeArgs = ['--cpu-prof', `--cpu-prof-dir=${into}`, '--cpu-prof-interval=200'];
  const portcullis = await startPortcullis({ upstream: upstream.origin, node: values.node, nodeArgs });
  try {
    const row = { ...portcullis, name: 'portcullis', statements: async () => undefined };
    const how = { connections: 32, warmup: 1, seconds: Number(values.seconds) };
    const result = await measure(row, TYPICAL_CASE, how);
    console.log(
      `${TYPICAL_CASE.name}: ${Math.round(result.perSecond)} calls/s, ${result.cpuMicrosecondsPerCall.toFixed(1)} µs CPU`,
    );
    console.log('(with the profiler on)\n');
  } finally {
    await portcullis.stop();
    await upstream.stop();
  }
}

/** One file a thread; the main thread's is by far the largest. */
function largestProfile(folder) {
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
  if (files.length === 0) throw new Error('Portcullis left no profile: it did not end by itself on SIGTERM');
  return JSON.parse(files.reduce((largest, file) => (file.length > largest.length ? file : largest)).toString());
}

/** Leaves out the start. */
function lastSeconds({ nodes, samples, timeDeltas }, seconds) {
  let from = timeDeltas.length;
  for (let left = seconds * 1e6; from > 0 && left > 0; from--) left -= timeDeltas[from - 1];
  return { nodes, samples: samples.slice(from), timeDeltas: timeDeltas.slice(from) };
}

/** @param {{ nodes: object[], samples: number[], timeDeltas: number[] }} profile */
function print({ nodes, samples, timeDeltas }) {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const functions = new Map();
  const packages = new Map();
  let busy = 0;
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id);
    if (frame.functionName === '(idle)') continue;
    const microseconds = timeDeltas[index];
    busy += microseconds;
    add(packages, packageOf(frame.url), microseconds);
    add(functions, `${packageOf(frame.url)}\t${nameOf(frame)}`, microseconds);
  }
  const share = (microseconds) => `${((100 * microseconds) / busy).toFixed(1).padStart(5)} %`;
  console.log('Packages');
  for (const [name, microseconds] of ranked(packages)) console.log(`${share(microseconds)}  ${name}`);
  console.log('\nFunctions');
  for (const [name, microseconds] of ranked(functions)) {
    const [owner, called] = name.split('\t');
    console.log(`${share(microseconds)}  ${owner.padEnd(24)} ${called}`);
  }
}

function add(sums, key, amount) {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}

function ranked(sums) {
  return [...sums].sort((a, b) => b[1] - a[1]).slice(0, Number(values.top));
}

/** `node:http`, the npm package, the folder of Portcullis, or the engine. */
function packageOf(url) {
  if (url === '') return '(engine)';
  if (url.startsWith('node:')) return url.split('/').slice(0, 2).join('/');
  const installed = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url);
  if (installed) return installed[1];
  return /dist\/((?:src|libs)\/[^/]+)/.exec(url)?.[1] ?? url;
}

function nameOf({ functionName, url, lineNumber }) {
  const file = url.split('/').at(-1);
  return file ? `${functionName || '(anonymous)'} ${file}:${lineNumber + 1}` : functionName;
}
