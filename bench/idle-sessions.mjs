// What do idle sessions with open streams cost, and does anything stay when their clients vanish? By hand:
//   npm run build && node bench/idle-sessions.mjs [--sessions 1000] [--users 50] [--rounds 5] [--heap]
// Sessions of 2025-11-25 of many users, each with its GET stream, over connections that are cut without a word. Memory and
// descriptors are those of the gateway's process; the idle figure is of ten seconds in which nothing happens. Resident memory
// says little about what is kept: with --heap each round shows what is reachable after a full collection, from a heap
// snapshot, which makes the resident memory useless.
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startGateway } from './portcullis.mjs';
import { cpuMicroseconds, residentMebibytes } from './process-stat.mjs';

const { values } = parseArgs({
  options: {
    sessions: { type: 'string', default: '1000' },
    users: { type: 'string', default: '50' },
    rounds: { type: 'string', default: '5' },
    heap: { type: 'boolean', default: false },
  },
});
const [SESSIONS, USERS, ROUNDS] = [values.sessions, values.users, values.rounds].map(Number);
const IDLE_MS = 10_000;
const PASSWORD = 'Bench only, 4711 times!';

const snapshots = mkdtempSync(join(tmpdir(), 'portcullis-heap-'));
const { api, pid, stop } = await startGateway({
  nodeArgs: values.heap ? ['--heapsnapshot-signal=SIGUSR2', `--diagnostic-dir=${snapshots}`] : [],
  variables: { RATE_LIMITING_ENABLED: 'false', ARGON2ID_MEMORY_COST: '8192', ARGON2ID_TIME_COST: '1' },
});
try {
  const tokens = [];
  for (let at = 0; at < USERS; at += 1) tokens.push(await tokenOf(`user-${at}@example.com`));
  const { hostname, port } = new URL(api.origin);
  const rows = {};
  for (let round = 1; round <= ROUNDS; round += 1) {
    const [before, files] = [residentMebibytes(pid), descriptors()];
    const sockets = [];
    for (let at = 0; at < SESSIONS; at += 1) sockets.push(await listening(tokens[at % USERS], hostname, Number(port)));
    const [open, openFiles] = [residentMebibytes(pid), descriptors()];
    const cpu = cpuMicroseconds(pid);
    await pause(IDLE_MS);
    const idle = ((cpuMicroseconds(pid) - cpu) / (IDLE_MS * 1000)) * 100;
    for (const socket of sockets) socket.resetAndDestroy();
    while (descriptors() > files) await pause(100);
    rows[`round ${round}`] = {
      'before MiB': shown(before),
      'open MiB': shown(open),
      'KiB a stream': shown(((open - before) / SESSIONS) * 1024),
      'idle % of a core': shown(idle),
      'descriptors before, open, after': `${files}, ${openFiles}, ${descriptors()}`,
      'after MiB': shown(residentMebibytes(pid)),
      ...(values.heap && { 'heap after MiB': shown(await heapMebibytes()) }),
    };
  }
  console.log(`${SESSIONS} sessions of ${USERS} users, each with its stream`);
  console.table(rows);
} finally {
  await stop();
  rmSync(snapshots, { recursive: true });
}

function descriptors() {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** What is reachable: a snapshot is taken after a full collection. */
async function heapMebibytes() {
  process.kill(pid, 'SIGUSR2');
  for (;;) {
    await pause(500);
    const [file] = readdirSync(snapshots);
    const snapshot = file && parsed(readFileSync(join(snapshots, file), 'utf8'));
    if (!snapshot) continue;
    rmSync(join(snapshots, file));
    const fields = snapshot.snapshot.meta.node_fields;
    let bytes = 0;
    for (let at = fields.indexOf('self_size'); at < snapshot.nodes.length; at += fields.length) {
      bytes += snapshot.nodes[at];
    }
    return bytes / 1024 / 1024;
  }
}

/** Undefined while it is still being written. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function tokenOf(email) {
  await api.json('POST', '/auth/email/admin/users', { email, password: PASSWORD, password_change_required: false });
  const { access_token: session } = await post('/auth/login', { email, password: PASSWORD });
  const { access_token: token } = await post('/tokens', { name: 'bench', expires_in_days: 1 }, session);
  return token;
}

async function post(path, body, token) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const response = await fetch(api.origin + path, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** The socket of a new session's stream. */
async function listening(token, host, port) {
  const headers = {
    authorization: `Bearer ${token}`,
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
  };
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params });
  const opened = await fetch(`${api.origin}/mcp`, { method: 'POST', headers, body });
  if (!opened.ok) throw new Error(`initialize: ${opened.status} ${await opened.text()}`);
  await opened.text();
  const socket = connect(port, host);
  socket.on('error', () => undefined);
  const lines = [
    'GET /mcp HTTP/1.1',
    `Host: ${host}:${port}`,
    `Authorization: Bearer ${token}`,
    'Accept: text/event-stream',
    `Mcp-Session-Id: ${opened.headers.get('mcp-session-id')}`,
    'MCP-Protocol-Version: 2025-11-25',
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const [head] = await once(socket, 'data');
  if (!head.toString().startsWith('HTTP/1.1 200')) throw new Error(`the stream: ${head.toString().slice(0, 200)}`);
  return socket;
}

function shown(value) {
  return Math.round(value * 10) / 10;
}
