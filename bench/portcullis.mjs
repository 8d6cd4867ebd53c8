// Portcullis as a black box: how it is started, what is set up in it, and how a call gets through. All that the bench
// knows about Portcullis is in this file.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { freePort } from '../scripts/free-port.mjs';
import { OTHER_CORE, spawnPinned, stop, TESTED_CORE } from './server-process.mjs';

const ENTRY = fileURLToPath(new URL('../dist/src/main.js', import.meta.url));
const COMMANDS = fileURLToPath(new URL('../dist/src/cli/portcullis.js', import.meta.url));
/** Longest time until it is healthy, in milliseconds. */
const PATIENCE = 60_000;
const ADMIN = { email: 'admin@example.com', password: `Bench-${randomBytes(12).toString('base64url')}-7!` };

/**
 * Starts Portcullis with two upstreams, of 20 and of 500 tools, and a virtual server for each.
 * @param {object} orders
 * @param {string} orders.upstream origin of the echo upstream
 * @param {string} [orders.node]
 * @param {string[]} [orders.nodeArgs]
 * @param {Record<string, string>} [orders.variables] settings
 */
export async function startPortcullis({ upstream, node, nodeArgs, variables: more = {} }) {
  // One user calls one tool all the time; counted it is, as everywhere.
  const variables = { TOOL_RATE_LIMIT: '1000000000', TOOL_CONCURRENT_LIMIT: '1000000', ...more };
  const targets = {};
  const prepare = async (api) => {
    for (const tools of [20, 500]) targets[tools] = await virtualServer(api, upstream, tools);
  };
  const { pid, api, stop: finish } = await startGateway({ node, nodeArgs, variables, prepare });
  return { pid, target: (tested) => targetOf(targets[tested.tools], tested), statements: api, stop: finish };
}

/**
 * Starts Portcullis with an empty database, its administrator signed in.
 * @param {object} orders
 * @param {string} [orders.node]
 * @param {string[]} [orders.nodeArgs]
 * @param {Record<string, string>} [orders.variables] settings
 * @param {(api: Api) => Promise<void>} [orders.prepare] what is set up in it; when it fails, Portcullis is ended
 */
export async function startGateway({ node, nodeArgs = [], variables, prepare = async () => undefined }) {
  if (!existsSync(ENTRY))
    throw new Error('There is no dist/src/main.js: run `npm run build` first, or leave it out with --only');
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-bench-'));
  const logPath = join(folder, 'portcullis.log');
  const log = openSync(logPath, 'a');
  const port = await freePort();
  const env = { ...environment(port, folder), ...variables };
  const stdio = ['ignore', log, log];
  const child = spawnPinned({ node, args: [...nodeArgs, ENTRY], core: TESTED_CORE, stdio, env, cwd: folder });
  const finish = async () => {
    await stop(child);
    rmSync(folder, { recursive: true, force: true });
  };
  const api = new Api(`http://127.0.0.1:${port}`);
  try {
    await api.untilHealthy(child);
    await api.logIn();
    await prepare(api);
    return { pid: child.pid, api, command: (...args) => command(args, { node, env, cwd: folder }), stop: finish };
  } catch (error) {
    const said = readFileSync(logPath, 'utf8').slice(-4_000);
    await finish();
    throw new Error(`Portcullis could not be set up. Its last words:\n${said}`, { cause: error });
  }
}

/**
 * How many SQL statements Portcullis has executed, but for the batches of its usage log.
 * @param {Api} api `statements` of a started Portcullis
 * @returns {Promise<number | undefined>}
 */
export async function statementsExecuted(api) {
  const { database, usage_log: usage } = await api.json('GET', '/version');
  return database.statements - usage.batches;
}

/**
 * Runs `portcullis …` beside the gateway, with its settings.
 * @returns {Promise<string>} what it printed
 */
async function command(args, { node, env, cwd }) {
  const stdio = ['ignore', 'pipe', 'inherit'];
  const child = spawnPinned({ node, args: [COMMANDS, ...args], core: OTHER_CORE, stdio, env, cwd });
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`portcullis ${args.join(' ')} ended with ${code}`);
  return said;
}

function environment(port, folder) {
  return {
    NODE_ENV: 'production',
    ENVIRONMENT: 'production',
    HOST: '127.0.0.1',
    PORT: String(port),
    DATA_DIR: folder,
    PLATFORM_ADMIN_EMAIL: ADMIN.email,
    PLATFORM_ADMIN_PASSWORD: ADMIN.password,
    JWT_SECRET_KEY: randomBytes(32).toString('hex'),
    AUTH_ENCRYPTION_SECRET: randomBytes(32).toString('hex'),
    SSRF_ALLOW_LOCALHOST: 'true',
  };
}

class Api {
  #origin;
  #token = '';

  constructor(origin) {
    this.#origin = origin;
  }

  get origin() {
    return this.#origin;
  }

  /** The session of the administrator. */
  get token() {
    return this.#token;
  }

  async untilHealthy(child) {
    const deadline = Date.now() + PATIENCE;
    while (Date.now() < deadline) {
      if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}`);
      const healthy = await this.send('GET', '/health').then(
        (response) => response.ok,
        () => false,
      );
      if (healthy) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`It was not healthy within ${PATIENCE} ms`);
  }

  async logIn() {
    const { access_token: token } = await this.json('POST', '/auth/login', ADMIN);
    this.#token = token;
  }

  send(method, path, body) {
    return fetch(`${this.#origin}${path}`, {
      method,
      headers: {
        ...(this.#token && { authorization: `Bearer ${this.#token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  }

  /** @throws when the answer is not 2xx */
  async json(method, path, body) {
    const response = await this.send(method, path, body);
    const said = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${said.slice(0, 500)}`);
    return JSON.parse(said);
  }
}

/** Registers the upstream, publishes all its tools under their own names, opens a legacy session and gets a token. */
async function virtualServer(api, upstream, tools) {
  const url = `${upstream}/mcp/${tools}`;
  const gateway = await api.json('POST', '/gateways', { name: `bench-${tools}`, url, transport: 'STREAMABLEHTTP' });
  const found = await api.json('GET', `/tools?gateway_id=${gateway.id}&limit=500`);
  if (found.length !== tools) throw new Error(`Portcullis found ${found.length} of ${tools} tools`);
  const ids = found.map((tool) => tool.id);
  const server = await api.json('POST', '/servers', {
    server: { name: `bench-${tools}`, associated_tools: ids, tool_naming: 'original' },
  });
  const { access_token: token } = await api.json('POST', '/tokens', { name: `bench-${tools}`, expires_in_days: 1 });
  const endpoint = `${api.origin}/servers/${server.id}/mcp`;
  const authorization = { Authorization: `Bearer ${token}` };
  return { url: endpoint, authorization, session: await openSession(endpoint, authorization) };
}

/** A session of 2025-11-25, as headers; empty when Portcullis does without. */
async function openSession(url, authorization) {
  const headers = {
    ...authorization,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
  const post = (message) =>
    fetch(url, { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', ...message }) });
  const clientInfo = { name: 'portcullis-bench', version: '1.0.0' };
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
  const opened = await post({ id: 1, method: 'initialize', params });
  const said = await opened.text();
  if (!opened.ok) throw new Error(`initialize was answered with ${opened.status}: ${said.slice(0, 500)}`);
  const id = opened.headers.get('mcp-session-id');
  const session = id === null ? {} : { 'Mcp-Session-Id': id };
  Object.assign(headers, session, { 'mcp-protocol-version': '2025-11-25' });
  await post({ method: 'notifications/initialized' });
  return session;
}

function targetOf({ url, authorization, session }, { revision }) {
  return { url, headers: { ...authorization, ...(revision === '2025-11-25' && session) } };
}
