// How long after an upstream's notification do clients hear of a change, and what do their open streams cost? By hand:
//   npm run build && node bench/list-changed.mjs [--streams 1000] [--tools 100] [--changes 20]
// One upstream of 2026-07-28 whose list of tools changes, and clients of one user that listen. In milliseconds from when the
// upstream wrote its notification: to the first client, to the median client, and to the last. The idle figures are of the
// gateway's process over five seconds in which nothing happens.
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startGateway } from './portcullis.mjs';
import { cpuMicroseconds, residentMebibytes } from './process-stat.mjs';

const { values } = parseArgs({
  options: {
    streams: { type: 'string', default: '1000' },
    tools: { type: 'string', default: '100' },
    changes: { type: 'string', default: '20' },
  },
});
const [STREAMS, TOOLS, CHANGES] = [values.streams, values.tools, values.changes].map(Number);
const IDLE_MS = 5000;
const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};
const CHANGED = '{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}';

let tools = TOOLS;
let listenedTo;
const listened = new Promise((resolve) => (listenedTo = resolve));
const upstream = createServer((incoming, answer) => void serve(incoming, answer));
async function serve(incoming, answer) {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const { id, method } = JSON.parse(Buffer.concat(chunks).toString() || '{}');
  if (method === 'subscriptions/listen') {
    answer.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    listenedTo(answer);
    return;
  }
  const capabilities = { tools: { listChanged: true } };
  const results = {
    'server/discover': { resultType: 'complete', supportedVersions: ['2026-07-28'], capabilities },
    'tools/list': { resultType: 'complete', tools: Array.from({ length: tools }, (_, at) => tool(at)) },
  };
  answer.writeHead(results[method] ? 200 : 404, { 'content-type': 'application/json' });
  answer.end(JSON.stringify({ jsonrpc: '2.0', id, ...(results[method] && { result: results[method] }) }));
}
upstream.listen(0, '127.0.0.1');
await once(upstream, 'listening');

const gateway = await startGateway({
  variables: { RATE_LIMITING_ENABLED: 'false', MCP_MAX_STREAMS_PER_USER: String(STREAMS) },
});
const { api } = gateway;
const agent = new Agent({ keepAlive: true });
const clients = [];
try {
  const { port: upstreamPort } = upstream.address();
  const wish = { name: 'changing', url: `http://127.0.0.1:${upstreamPort}/mcp`, transport: 'STREAMABLEHTTP' };
  await api.json('POST', '/gateways', wish);
  const listening = await listened;
  // Whoever listens looks once.
  await pause(1000);
  const before = residentMebibytes(gateway.pid);
  for (let at = 0; at < STREAMS; at += 1) clients.push(await open());
  const after = residentMebibytes(gateway.pid);
  const cpu = cpuMicroseconds(gateway.pid);
  await pause(IDLE_MS);
  const idle = ((cpuMicroseconds(gateway.pid) - cpu) / (IDLE_MS * 1000)) * 100;
  const rows = [];
  for (let change = 0; change < CHANGES; change += 1) {
    const heard = clients.map((client) => client.next());
    tools += 1;
    const from = performance.now();
    listening.write(`data: ${CHANGED}\n\n`);
    const took = (await Promise.all(heard)).map((at) => at - from).toSorted((a, b) => a - b);
    rows.push([took[0], took[took.length >> 1], took.at(-1)]);
    await pause(500);
  }
  console.log(`${STREAMS} streams, ${TOOLS} tools, ${CHANGES} changes`);
  console.table(
    Object.fromEntries(['first', 'median', 'last'].map((name, at) => [name, figures(rows.map((row) => row[at]))])),
  );
  console.log(
    `memory: ${(((after - before) / STREAMS) * 1024).toFixed(1)} KiB a stream; idle: ${idle.toFixed(1)} % of a core`,
  );
} finally {
  for (const client of clients) client.close();
  await gateway.stop();
  upstream.closeAllConnections();
  upstream.close();
}

function figures(sample) {
  const sorted = sample.toSorted((a, b) => a - b);
  const [median, worst] = [sorted[sorted.length >> 1], sorted.at(-1)].map((value) => Math.round(value * 10) / 10);
  return { median, worst };
}

/** A client that listens; `next` settles with the time of its next message. */
async function open() {
  const params = { notifications: { toolsListChanged: true }, _meta: META };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'subscriptions/listen', params });
  const outgoing = request(`${api.origin}/mcp`, {
    method: 'POST',
    agent,
    headers: {
      authorization: `Bearer ${api.token}`,
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'subscriptions/listen',
    },
  });
  outgoing.end(body);
  const [answer] = await once(outgoing, 'response');
  if (answer.statusCode !== 200) throw new Error(`subscriptions/listen: ${answer.statusCode}`);
  await once(answer, 'data');
  let hear = () => undefined;
  answer.on('data', (chunk) => chunk.includes('list_changed') && hear(performance.now()));
  answer.on('error', () => undefined);
  return { next: () => new Promise((resolve) => (hear = resolve)), close: () => answer.destroy() };
}

function tool(at) {
  return { name: `tool-${at}`, description: `Does what number ${at} does.`, inputSchema: { type: 'object' } };
}
