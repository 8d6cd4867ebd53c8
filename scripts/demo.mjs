// `npm run demo`: the main job by itself, with a real MCP server and the official clients. Leaves nothing behind.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './free-port.mjs';
import { build, install, ROOT } from './prepare.mjs';

install();
build();

const PASSWORD = 'demo-only Password 4711';
const data = mkdtempSync(join(tmpdir(), 'portcullis-demo-'));
const children = [];

try {
  await demo();
  console.log('\nThat is the main job. `npm start` runs it for you.');
} finally {
  for (const child of children) await stop(child);
  rmSync(data, { recursive: true, force: true });
}

async function demo() {
  step('Start a real MCP server: @modelcontextprotocol/server-everything');
  const upstreamPort = await freePort();
  launch([join('node_modules', '@modelcontextprotocol', 'server-everything', 'dist', 'index.js'), 'streamableHttp'], {
    PORT: String(upstreamPort),
  });
  const upstream = `http://127.0.0.1:${upstreamPort}/mcp`;
  await answers(upstream);

  step('Start Portcullis, its data in a folder of its own');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  launch([join('dist', 'src', 'main.js')], {
    PORT: String(port),
    DATA_DIR: data,
    PLATFORM_ADMIN_PASSWORD: PASSWORD,
    SSRF_ALLOW_LOCALHOST: 'true',
    APP_DOMAIN: url,
  });
  await answers(`${url}/health`);

  step('Sign in as the administrator');
  const { access_token: session } = await rest(url, 'POST', '/auth/login', undefined, {
    email: 'admin@example.com',
    password: PASSWORD,
  });

  step('Register the MCP server');
  const gateway = await rest(url, 'POST', '/gateways', session, {
    name: 'everything',
    url: upstream,
    transport: 'STREAMABLEHTTP',
  });
  const tools = await rest(url, 'GET', `/tools?gateway_id=${gateway.id}&limit=500`, session);
  console.log(
    `  ${tools.length} tools found, for example ${tools
      .slice(0, 3)
      .map(({ name }) => name)
      .join(', ')}`,
  );

  step('Make a virtual server of some of them, and a token that opens nothing else');
  const chosen = tools.filter(({ originalName }) => ['echo', 'get-sum'].includes(originalName));
  const server = await rest(url, 'POST', '/servers', session, {
    server: { name: 'demo', associated_tools: chosen.map(({ id }) => id) },
  });
  const { access_token: token } = await rest(url, 'POST', '/tokens', session, {
    name: 'demo',
    expires_in_days: 1,
    scope: { server_id: server.id, permissions: ['servers.use', 'tools.read', 'tools.execute'] },
  });

  const endpoint = new URL(`${url}/servers/${server.id}/mcp`);
  for (const connect of [legacyClient, modernClient]) await useTools(await connect(endpoint, token));

  step('What Portcullis wrote down');
  const rows = await rest(url, 'GET', `/usage?server_id=${server.id}`, session);
  for (const row of rows.reverse()) {
    console.log(
      `  ${row.timestamp}  ${row.user_email}  ${(row.mcp_method ?? '').padEnd(26)} ${(row.target ?? '').padEnd(18)} ${row.outcome.padEnd(8)} ${row.response_time_ms.toFixed(1)} ms`,
    );
  }
  if (!rows.some((row) => row.mcp_method === 'tools/call' && row.outcome === 'ok'))
    throw new Error('no call was written down');
}

async function legacyClient(endpoint, token) {
  step('Call the tools with the official client of the 2025 revisions (@modelcontextprotocol/sdk)');
  const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
  const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
  const client = new Client({ name: 'demo-legacy', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(endpoint, { requestInit: bearer(token) }));
  return client;
}

async function modernClient(endpoint, token) {
  step('Call them with the official client of 2026-07-28 (@modelcontextprotocol/client)');
  const { Client, StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
  const client = new Client(
    { name: 'demo-modern', version: '1.0.0' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  await client.connect(new StreamableHTTPClientTransport(endpoint, { requestInit: bearer(token) }));
  return client;
}

async function useTools(client) {
  const { tools } = await client.listTools();
  console.log(`  tools/list: ${tools.map(({ name }) => name).join(', ')}`);
  const echo = await client.callTool({ name: 'everything-echo', arguments: { message: 'through the gate' } });
  console.log(`  everything-echo: ${echo.content[0].text}`);
  const sum = await client.callTool({ name: 'everything-get-sum', arguments: { a: 20, b: 22 } });
  console.log(`  everything-get-sum: ${sum.content[0].text}`);
  await client.close();
}

function bearer(token) {
  return { headers: { Authorization: `Bearer ${token}` } };
}

async function rest(url, method, path, token, body) {
  const response = await fetch(url + path, {
    method,
    headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

function launch(args, env) {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  child.on('exit', (code) => {
    if (code) throw new Error(`${args[0]} ended with ${code}`);
  });
  children.push(child);
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.removeAllListeners('exit');
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

/** Waits until something answers there, whatever it says. */
async function answers(url) {
  for (let tries = 0; tries < 300; tries += 1) {
    const answered = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await pause(100);
  }
  throw new Error(`nothing answers at ${url}`);
}

function step(text) {
  console.log(`\n▸ ${text}`);
}
