// What do many upstreams cost, and what does one cost the others that is down or slow? By hand:
//   npm run build && node bench/federation.mjs [--upstreams 1,10,25,50] [--tools 100] [--lists 200]
// One virtual server over all tools of N upstreams. Milliseconds of a whole tools/list (all pages), of the first page, and
// of a call; those of one refresh of all upstreams; and the memory of the gateway. Then, with the most upstreams: the same
// calls and lists with one upstream gone and one that answers after 2 s.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startGateway } from './portcullis.mjs';
import { residentMebibytes } from './process-stat.mjs';

const { values } = parseArgs({
  options: {
    upstreams: { type: 'string', default: '1,10,25,50' },
    tools: { type: 'string', default: '100' },
    lists: { type: 'string', default: '200' },
  },
});
const COUNTS = values.upstreams.split(',').map(Number);
const [TOOLS, LISTS] = [values.tools, values.lists].map(Number);
const SLOW_MS = 2000;
const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};

let id = 0;
/** Every upstream is a path of one server. */
const upstream = createServer((incoming, answer) => void serve(incoming, answer));
let slowPath;
let gonePath;
async function serve(incoming, answer) {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  if (incoming.url === gonePath) {
    answer.destroy();
    return;
  }
  const { id: asked, method } = JSON.parse(Buffer.concat(chunks).toString() || '{}');
  const results = {
    'server/discover': { supportedVersions: ['2026-07-28'], capabilities: { tools: {} } },
    'tools/list': { tools: TOOL_LIST },
    'tools/call': { content: [{ type: 'text', text: 'done' }] },
  };
  if (incoming.url === slowPath) await pause(SLOW_MS);
  const result = results[method] && { resultType: 'complete', ...results[method] };
  answer.writeHead(result ? 200 : 404, { 'content-type': 'application/json' });
  const error = { code: -32601, message: 'Method not found' };
  answer.end(JSON.stringify({ jsonrpc: '2.0', id: asked, ...(result ? { result } : { error }) }));
}
const TOOL_LIST = Array.from({ length: TOOLS }, (_, at) => ({
  name: `tool_${at}`,
  description: 'Answers with a fixed text, whatever it is asked; it gives the list of tools a usual length.',
  inputSchema: {
    type: 'object',
    properties: { text: { type: 'string', description: 'Any text.' }, limit: { type: 'integer', minimum: 1 } },
    required: ['text'],
  },
}));
// No connection is closed in the moment in which it is used again.
upstream.keepAliveTimeout = 600_000;
upstream.listen(0, '127.0.0.1');
await once(upstream, 'listening');
const origin = `http://127.0.0.1:${upstream.address().port}`;

const rows = {};
for (const count of COUNTS) rows[count] = await measured(count, count === COUNTS.at(-1));
console.log(`${TOOLS} tools of each upstream; medians, in brackets the 99th of a hundred`);
console.table(rows);
upstream.closeAllConnections();
upstream.close();

async function measured(count, last) {
  slowPath = gonePath = undefined;
  const gateway = await startGateway({
    variables: { RATE_LIMITING_ENABLED: 'false', TOOL_RATE_LIMIT: '0', TOOL_TIMEOUT: '10' },
  });
  const { api, pid } = gateway;
  try {
    const empty = residentMebibytes(pid);
    const gateways = [];
    for (let at = 0; at < count; at += 1) {
      const wish = { name: `up-${at}`, url: `${origin}/${at}`, transport: 'STREAMABLEHTTP' };
      gateways.push(await api.json('POST', '/gateways', wish));
    }
    const began = performance.now();
    await Promise.all(gateways.map((each) => api.json('POST', `/gateways/${each.id}/refresh`)));
    const refresh = performance.now() - began;
    const endpoint = `${api.origin}/mcp`;
    const row = { 'refresh of all ms': round(refresh), ...(await figures(api, endpoint, count)) };
    row['memory MiB'] = round(residentMebibytes(pid) - empty);
    if (last) {
      gonePath = '/0';
      slowPath = '/1';
      rows[`${count}, one gone`] = await figures(api, endpoint, count);
      const slow = call(api, endpoint, await toolOf(api, endpoint, 1));
      rows[`${count}, one at 2 s as well`] = await figures(api, endpoint, count);
      await slow;
    }
    return row;
  } finally {
    await gateway.stop();
  }
}

/** Lists and calls of an upstream that is well, one after the other. */
async function figures(api, endpoint, count) {
  const [all, first, calls] = [[], [], []];
  const tool = await toolOf(api, endpoint, count - 1);
  for (let turn = 0; turn < LISTS; turn += 1) {
    let from = performance.now();
    let { nextCursor } = await list(api, endpoint);
    first.push(performance.now() - from);
    while (nextCursor) ({ nextCursor } = await list(api, endpoint, nextCursor));
    all.push(performance.now() - from);
    from = performance.now();
    await call(api, endpoint, tool);
    calls.push(performance.now() - from);
  }
  return { 'whole list ms': shown(all), 'first page ms': shown(first), 'call ms': shown(calls) };
}

/** The name of some tool of the upstream. */
async function toolOf(api, endpoint, at) {
  for (let cursor; ;) {
    const { tools, nextCursor } = await list(api, endpoint, cursor);
    const found = tools.find(({ name }) => name.startsWith(`up-${at}-`));
    if (found) return found.name;
    cursor = nextCursor;
  }
}

function list(api, endpoint, cursor) {
  return mcp(api, endpoint, 'tools/list', cursor ? { cursor } : {});
}

function call(api, endpoint, name) {
  return mcp(api, endpoint, 'tools/call', { name, arguments: { text: 'x' } });
}

async function mcp(api, endpoint, method, params) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${api.token}`,
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(params.name && { 'mcp-name': params.name }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: (id += 1), method, params: { ...params, _meta: META } }),
  });
  const { result, error } = await response.json();
  if (!result) throw new Error(`${method}: ${response.status} ${JSON.stringify(error)}`);
  return result;
}

function shown(sample) {
  const sorted = sample.toSorted((a, b) => a - b);
  return `${round(sorted[sorted.length >> 1])} (${round(sorted[Math.floor(sorted.length * 0.99)])})`;
}

function round(value) {
  return Math.round(value * 100) / 100;
}
