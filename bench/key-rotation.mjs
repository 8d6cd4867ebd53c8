// Calls while keys are rotated: node bench/key-rotation.mjs [--rate 200] [--rows 1000] [--seconds 5] [--node BIN].
// Needs `npm run build`. One gateway on SQLite with an upstream that takes a sealed credential only, and so many tools of its
// own with one each. Calls come at the rate, whether those before are answered or not, with a token from before and with one
// that is made anew each second, while `portcullis keys rotate` and `keys rotate --jwt` run beside the gateway. Ends with exit
// code 1 when a call failed, when the rate was missed by a tenth, or when a value is left under a former key.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { cpus, loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { LatencyHistogram } from './latency-histogram.mjs';
import { startGateway } from './portcullis.mjs';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '200' },
    rows: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '5' },
    node: { type: 'string' },
  },
});
const [RATE, ROWS, SECONDS] = [values.rate, values.rows, values.seconds].map(Number);
/** Long enough for what the command line made to be found, which takes ten seconds without Redis. */
const LEAD_SECONDS = 15;
const CREDENTIAL = randomBytes(24).toString('base64url');
const REVISION = '2026-07-28';
const META = {
  'io.modelcontextprotocol/protocolVersion': REVISION,
  'io.modelcontextprotocol/clientCapabilities': {},
};

const upstream = createServer((incoming, answer) => void serve(incoming, answer));
// No connection is closed in the moment in which it is used again.
upstream.keepAliveTimeout = 600_000;
upstream.listen(0, '127.0.0.1');
await once(upstream, 'listening');
const origin = `http://127.0.0.1:${upstream.address().port}`;

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}, load ${loadavg()[0]?.toFixed(2)}`);
const gateway = await startGateway({
  node: values.node,
  variables: {
    RATE_LIMITING_ENABLED: 'false',
    TOOL_RATE_LIMIT: '0',
    TOOL_CONCURRENT_LIMIT: '0',
    KEY_RETIREMENT_SECONDS: '5',
    KEY_CACHE_SECONDS: '5',
    JWT_KEY_LEAD_SECONDS: String(LEAD_SECONDS),
  },
});
const { api } = gateway;
const phases = [];
/** The phase that calls belong to which begin now, until it is over. */
const now = { phase: undefined, over: false };
try {
  const { sealed, kept } = await targets();
  const first = await newToken();
  let latest = first;
  const calls = [
    { ...sealed, token: () => first },
    { ...sealed, token: () => latest },
    { ...kept, token: () => latest },
  ];
  begin('before');
  const loads = [steady(calls), renew((token) => (latest = token))];
  await pause(SECONDS * 1000);

  begin('keys rotate');
  await gateway.command('keys', 'rotate', '--wait');
  await until(async () => (await api.json('GET', '/admin/keys')).rotation.state === 'finished');
  begin('between');
  await pause(SECONDS * 1000);

  begin('keys rotate --jwt');
  const former = kidOf(first);
  await gateway.command('keys', 'rotate', '--jwt');
  await until(() => kidOf(latest) !== former);
  begin('after');
  await pause(SECONDS * 1000);
  begin(undefined);
  now.over = true;
  await Promise.all(loads);

  console.table(Object.fromEntries(phases.map(shown)));
  const { keys, other_values: others, rotation } = JSON.parse(await gateway.command('keys', 'status'));
  const left = keys.slice(1).reduce((sum, { values: count }) => sum + count, others);
  console.log(
    `${rotation.resealed} values sealed anew; under the current key ${keys[0].values}, under former ones ${left}`,
  );
  const failures = phases.flatMap(({ failed }) => failed);
  for (const failure of failures.slice(0, 5)) console.error(failure);
  const slow = phases.some((each) => each.histogram.total < 0.9 * RATE * secondsOf(each));
  if (failures.length > 0 || left > 0 || slow) process.exitCode = 1;
} finally {
  now.over = true;
  await gateway.stop();
  upstream.closeAllConnections();
  upstream.close();
}

/** An upstream whose credential is sealed, and a tool of the gateway's own with one; beside them, rows to seal anew. */
async function targets() {
  const auth = { auth_type: 'bearer', auth_token: CREDENTIAL };
  const { id } = await api.json('POST', '/gateways', { name: 'sealed', url: origin, ...auth });
  const found = await api.json('GET', `/tools?gateway_id=${id}`);
  const made = [];
  for (let at = 0; at < ROWS; at += 1)
    made.push(await api.json('POST', '/tools', { tool: { name: `kept_${at}`, url: `${origin}/rest`, ...auth } }));
  const endpoint = async (name, tool) => {
    const server = { name, associated_tools: [tool.id], tool_naming: 'original' };
    return `${api.origin}/servers/${(await api.json('POST', '/servers', { server })).id}/mcp`;
  };
  return {
    sealed: { url: await endpoint('sealed', found[0]), tool: 'run' },
    kept: { url: await endpoint('kept', made[0]), tool: 'kept_0' },
  };
}

async function newToken() {
  const name = randomBytes(6).toString('hex');
  return (await api.json('POST', '/tokens', { name, expires_in_days: 1 })).access_token;
}

/** A token a second, each of the key that signs at the time. */
async function renew(give) {
  while (!now.over) {
    give(await newToken());
    await pause(1000);
  }
}

/** Begins a call whenever one is due, without waiting for those before it. */
async function steady(calls) {
  const began = performance.now();
  const under = new Set();
  for (let made = 0; !now.over;) {
    for (const due = ((performance.now() - began) * RATE) / 1000; made < due && now.phase; made += 1) {
      const call = counted(calls[made % calls.length], now.phase).finally(() => under.delete(call));
      under.add(call);
    }
    await pause(2);
  }
  await Promise.all(under);
}

/** One call, of the phase in which it began. */
async function counted({ url, tool, token }, { histogram, failed }) {
  const from = performance.now();
  const params = { name: tool, arguments: {}, _meta: META };
  const failure = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token()}`,
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-protocol-version': REVISION,
      'mcp-method': 'tools/call',
      'mcp-name': tool,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  }).then(
    async (response) => {
      const said = await response.text();
      const good = response.status === 200 && said.includes('"result"') && !said.includes('"isError":true');
      return good ? undefined : `${tool}: ${response.status} ${said.slice(0, 300)}`;
    },
    (error) => `${tool}: ${error}: ${error.cause}`,
  );
  histogram.record((performance.now() - from) * 1000);
  if (failure) failed.push(failure);
}

/** Serves MCP, and at /rest a tool of the gateway's own: nobody without the credential. */
async function serve(incoming, answer) {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const send = (status, body) =>
    answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  if (incoming.headers.authorization !== `Bearer ${CREDENTIAL}`) return send(401, {});
  if (incoming.url === '/rest') return send(200, { done: true });
  const { id, method } = JSON.parse(Buffer.concat(chunks).toString() || '{}');
  const results = {
    'server/discover': { supportedVersions: [REVISION], capabilities: { tools: {} } },
    'tools/list': { tools: [{ name: 'run', inputSchema: { type: 'object' } }] },
    'tools/call': { content: [{ type: 'text', text: 'done' }] },
  };
  const result = results[method] && { resultType: 'complete', ...results[method] };
  const error = { code: -32601, message: 'Method not found' };
  return send(result ? 200 : 404, { jsonrpc: '2.0', id, ...(result ? { result } : { error }) });
}

function begin(name) {
  const at = performance.now();
  if (now.phase) now.phase.ended = at;
  now.phase = name && { name, began: at, histogram: new LatencyHistogram(), failed: [] };
  if (now.phase) phases.push(now.phase);
}

function shown(each) {
  const { name, histogram, failed } = each;
  const row = {
    seconds: round(secondsOf(each)),
    calls: histogram.total,
    'calls/s': round(histogram.total / secondsOf(each)),
    failures: failed.length,
    'p50 ms': round(histogram.percentile(50)),
    'p99 ms': round(histogram.percentile(99)),
  };
  return [name, row];
}

function secondsOf({ began, ended }) {
  return (ended - began) / 1000;
}

async function until(holds) {
  for (const deadline = performance.now() + 120_000; !(await holds()); await pause(250))
    if (performance.now() > deadline) throw new Error('It did not come to an end within two minutes');
}

function kidOf(token) {
  return JSON.parse(Buffer.from(token.split('.')[0], 'base64url').toString()).kid;
}

function round(number) {
  return Math.round(number * 10) / 10;
}
