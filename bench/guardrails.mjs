// What guardrails add to a call: node bench/guardrails.mjs [--reps 3] [--seconds 3] [--warmup 3] [--connections 1] [--node BIN].
// Needs `npm run build`. One gateway for each set of plugins, all in enforce, beside one without any; each is loaded with
// tools/call of 0.3, 4 and 32 KB of the documentation's own text, as its argument (in) or in the answer (out). Added microseconds
// are differences of the medians of the repetitions, taken in turns, in one run on one machine.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { GUIDES_TEXT } from './guides-text.mjs';
import { faultsOf, measure } from './measure.mjs';
import { startPortcullis } from './portcullis.mjs';
import { OTHER_CORE, startServer } from './server-process.mjs';

const { values } = parseArgs({
  options: {
    reps: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    warmup: { type: 'string', default: '3' },
    connections: { type: 'string', default: '1' },
    node: { type: 'string' },
  },
});
const REPS = numberOf('reps', 1, 50);
const how = {
  seconds: numberOf('seconds', 1, 60),
  warmup: numberOf('warmup', 1, 60),
  connections: numberOf('connections', 1, 256),
};

const AROUND = ['tool_pre_invoke', 'tool_post_invoke'];
const plugin = (kind, config = {}, hooks = AROUND) => ({ name: kind, kind, hooks, mode: 'enforce', config });
/** Before and after the tool as in config/plugins.yaml: instructions are looked for in what comes back. */
const FOUR = [
  plugin('deny_filter', { words: ['swordfish', 'open sesame'] }, ['tool_pre_invoke']),
  plugin('pii_filter', { detect_url: false }),
  plugin('secrets_detection'),
  plugin('sql_sanitizer', {}, ['tool_pre_invoke']),
];
const INJECTION = { threshold: 0.99 };
const FIVE = [...FOUR, plugin('prompt_injection_guard', INJECTION, ['tool_post_invoke'])];
const FIVE_BOTH_WAYS = [...FOUR, plugin('prompt_injection_guard', INJECTION)];
const SETS = {
  none: [],
  one: FIVE.slice(1, 2),
  five: FIVE,
  'five, both ways': FIVE_BOTH_WAYS,
  all: [
    ...FIVE_BOTH_WAYS,
    plugin('content_moderation', { provider: 'local' }),
    plugin('harmful_content_detector', {}, ['tool_post_invoke']),
    plugin('encoded_exfil_detector', {}, ['tool_post_invoke']),
    plugin('url_reputation', {}, AROUND),
    plugin('output_length_guard', { max_chars: 1_000_000 }, ['tool_post_invoke']),
    plugin('schema_guard', { arg_schemas: { echo: { type: 'object', required: ['text'] } } }, AROUND),
    plugin('rate_limiter', { by_user: '1000000/s' }, ['tool_pre_invoke']),
  ],
};

const CASES = [300, 4096, 32_768].flatMap((bytes) => {
  const size = `${bytes / 1024 < 1 ? 0.3 : bytes / 1024} KB`;
  return [
    caseOf(`${size} in`, { name: 'echo', arguments: { text: GUIDES_TEXT.slice(0, bytes) } }),
    caseOf(`${size} out`, { name: 'tool_001', arguments: { limit: bytes } }),
  ];
});

const { stdout: version } = spawnSync(values.node ?? process.execPath, ['--version'], { encoding: 'utf8' });
console.log(`Node ${version.trim()}, ${cpus().length} × ${cpus()[0]?.model.trim()}, load ${loadavg()[0]?.toFixed(2)}`);
const folder = mkdtempSync(join(tmpdir(), 'portcullis-bench-plugins-'));
const upstream = await startServer({
  args: [fileURLToPath(new URL('echo-upstream.mjs', import.meta.url))],
  core: OTHER_CORE,
});
const started = [];
try {
  for (const [name, plugins] of Object.entries(SETS)) {
    const file = join(folder, `${name}.yaml`);
    writeFileSync(file, stringify({ plugins }));
    const variables = plugins.length > 0 ? { PLUGINS_ENABLED: 'true', PLUGIN_CONFIG_FILE: file } : {};
    const gateway = await startPortcullis({ upstream: upstream.origin, node: values.node, variables });
    started.push({ name, count: plugins.length, ...gateway, statements: async () => undefined });
  }
  const results = new Map();
  for (let rep = 0; rep < REPS; rep++)
    for (const tested of CASES)
      for (const row of started) {
        const result = await measure(row, tested, how);
        if (faultsOf(result) > 0) throw new Error(`${row.name}, ${tested.name}: ${result.firstFault}`);
        const key = `${row.name} ${tested.name}`;
        results.set(key, [...(results.get(key) ?? []), result]);
      }
  console.table(
    CASES.flatMap((tested) => {
      const of = (name, figure) => median(results.get(`${name} ${tested.name}`).map((result) => result[figure]));
      return started.map(({ name, count }) => ({
        call: tested.name,
        plugins: `${name} (${count})`,
        'p50 µs': round(of(name, 'p50') * 1000),
        'added p50 µs': round((of(name, 'p50') - of('none', 'p50')) * 1000),
        'CPU µs': round(of(name, 'cpuMicrosecondsPerCall')),
        'added CPU µs': round(of(name, 'cpuMicrosecondsPerCall') - of('none', 'cpuMicrosecondsPerCall')),
      }));
    }),
  );
} finally {
  for (const { stop } of started.toReversed()) await stop();
  await upstream.stop();
  rmSync(folder, { recursive: true, force: true });
}

function caseOf(name, call) {
  const revision = '2026-07-28';
  const meta = {
    'io.modelcontextprotocol/protocolVersion': revision,
    'io.modelcontextprotocol/clientInfo': { name: 'portcullis-bench', version: '1.0.0' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const params = { ...call, _meta: meta };
  return {
    name,
    revision,
    tools: 20,
    headers: { 'MCP-Protocol-Version': revision, 'Mcp-Method': 'tools/call', 'Mcp-Name': call.name },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1_000_000_000, method: 'tools/call', params }),
  };
}

function numberOf(name, least, most) {
  const number = Number(values[name]);
  if (!(number >= least && number <= most)) throw new Error(`--${name} is a number from ${least} to ${most}`);
  return number;
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function round(number) {
  return Math.round(number * 10) / 10;
}
