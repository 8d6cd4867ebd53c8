import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningGateway } from '../../../fixtures/running-gateway.js';
import { secondAdministrator } from '../../../fixtures/second-administrator.js';
import { jsonOf, type RawAnswer, RawCaller, whole } from '../raw-caller.js';
import { EventStream, McpClient } from '../sessions/mcp-client.js';

const EVERYTHING = createRequire(import.meta.url).resolve('@modelcontextprotocol/server-everything/dist/index.js');
const SERVER = resolve(import.meta.dirname, '../../../fixtures/upstreams/stdio-server.mjs');
const ODD = resolve(import.meta.dirname, '../../../fixtures/upstreams/misbehaving-process.mjs');
const NODE = process.execPath;

const folder = mkdtempSync(join(tmpdir(), 'stdio-upstreams-'));
const open: RawCaller[] = [];
let gate: RunningGateway;

beforeAll(async () => {
  gate = await RunningGateway.start({
    STDIO_ENABLED: 'true',
    STDIO_ALLOWED_COMMANDS: JSON.stringify([NODE]),
    GATEWAY_CONNECT_TIMEOUT: '5',
    ENABLE_HEADER_PASSTHROUGH: 'true',
    DEFAULT_PASSTHROUGH_HEADERS: 'stdio-variable-7',
    STDIO_MAX_PROCESSES_PER_GATEWAY: '6',
  });
});
afterAll(async () => {
  for (const caller of open) caller.close();
  await gate?.stop();
  rmSync(folder, { recursive: true, force: true });
});

let names = 0;
const wished = (args: readonly string[], more: object = {}) => ({
  name: `process ${(names += 1)}`,
  transport: 'STDIO',
  command: NODE,
  args,
  ...more,
});

async function serve(args: readonly string[], more: object = {}) {
  const { status, body } = await gate.rest('POST', '/gateways', wished(args, more));
  if (status !== 200) throw new Error(JSON.stringify(body));
  const server = await gate.serve(body.id, { tool_naming: 'original' });
  const at = (token: string): RawCaller => {
    const caller = new RawCaller(`${gate.url}/servers/${server.id}/mcp`, token);
    open.push(caller);
    return caller;
  };
  return { gateway: body, at, caller: at(await gate.mint(body.name)) };
}

const textOf = (answer: RawAnswer): string => jsonOf(answer).result.content[0].text;
const call = (caller: Pick<McpClient, 'request'>, name: string, args = {}) =>
  caller.request('tools/call', { name, arguments: args });
const without = (caller: RawCaller): Pick<McpClient, 'request'> => ({
  request: (method, params, options) => caller.legacy(method, params, options),
});

/** Who waits for its end to be taken note of has ended. */
function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('the public reference server, as a process', () => {
  let caller: RawCaller;
  beforeAll(async () => {
    ({ caller } = await serve([EVERYTHING, 'stdio'], { env: { CANARY: 'sings' } }));
  });

  it.each(['legacy', 'modern'] as const)('should be called by a %s client', async (era) => {
    const answer = await caller[era]('tools/call', { name: 'echo', arguments: { message: 'hello' } });
    expect(textOf(answer)).toContain('hello');
  });

  it('should get nothing of the gateway’s environment', async () => {
    const headers = { 'mcp-protocol-version': '2025-11-25', 'stdio-variable-7': 'NODE_OPTIONS --version' };
    const answer = await caller.legacy('tools/call', { name: 'get-env', arguments: {} }, { headers });
    expect(Object.keys(JSON.parse(textOf(answer))).sort()).toEqual(['CANARY', 'HOME', 'LANG', 'PATH']);
  });

  it('should be read and prompted', async () => {
    const { resources } = jsonOf(await caller.legacy('resources/list')).result;
    const read = jsonOf(await caller.legacy('resources/read', { uri: resources[0].uri }));
    expect(read.result.contents[0].uri).toBe(resources[0].uri);
    expect(jsonOf(await caller.legacy('prompts/list')).result.prompts).not.toEqual([]);
  });
});

describe('servers that people run', () => {
  const serverOf = (name: string): string =>
    createRequire(import.meta.url).resolve(`@modelcontextprotocol/server-${name}/dist/index.js`);

  it('should read files where they may', async () => {
    const { caller } = await serve([serverOf('filesystem'), folder]);
    writeFileSync(join(folder, 'note.txt'), 'read through the gate');
    const read = (path: string) => call(without(caller), 'read_text_file', { path });
    expect(textOf(await read(join(folder, 'note.txt')))).toBe('read through the gate');
    expect(jsonOf(await read('/etc/passwd')).result.isError).toBe(true);
  });

  it('should ask a client that has roots for them', async () => {
    const { caller } = await serve([serverOf('filesystem'), folder]);
    const client = await McpClient.open(caller, { roots: { listChanged: true } });
    const root = mkdtempSync(join(folder, 'root-'));
    // It asks whenever roots have changed, and can be answered while it has a call to work on.
    const allowed = async (): Promise<string> => {
      const began = client.begin('tools/call', { name: 'list_allowed_directories' });
      await client.notify('notifications/roots/list_changed');
      const answer = await began;
      if (answer.headers['content-type'] === 'application/json') return textOf(await whole(answer));
      const stream = new EventStream(answer);
      for (;;) {
        const { id, method, result } = await stream.message();
        if (method !== 'roots/list') return result.content[0].text;
        await client.send({ jsonrpc: '2.0', id, result: { roots: [{ uri: `file://${root}` }] } });
      }
    };
    await expect.poll(allowed, { timeout: 20_000 }).toContain(root);
    await client.end();
  });

  it('should remember what was said, in another process too', async () => {
    const { caller, at } = await serve([serverOf('memory')], {
      env: { MEMORY_FILE_PATH: join(folder, 'memory.json') },
    });
    const ada = { name: 'Ada', entityType: 'person', observations: ['wrote the first program'] };
    expect(jsonOf(await call(without(caller), 'create_entities', { entities: [ada] }))).toHaveProperty('result');
    const other = at(await secondAdministrator(gate));
    const { result } = jsonOf(await other.modern('tools/call', { name: 'read_graph', arguments: {} }));
    expect(result.structuredContent.entities).toEqual([ada]);
  });
});

describe('a process', () => {
  it('should be one for each session, and one for each caller without', async () => {
    const { caller, at } = await serve([SERVER]);
    const other = at(await secondAdministrator(gate));
    const [one, two] = [await McpClient.open(caller), await McpClient.open(caller)];
    const pids: string[] = [];
    for (const client of [one, two, without(caller), without(other)]) pids.push(textOf(await call(client, 'pid')));
    expect(new Set(pids).size).toBe(4);
    expect(textOf(await call(one, 'pid'))).toBe(pids[0]);
    expect(textOf(await call(without(other), 'pid'))).toBe(pids[3]);
    await one.end();
    await expect.poll(() => isAlive(Number(pids[0]))).toBe(false);
    expect(isAlive(Number(pids[1]))).toBe(true);
  });

  it('should tell its progress to the call that it belongs to', async () => {
    const { caller } = await serve([SERVER]);
    const answers = await Promise.all(
      [3, 4].map(async (to) => {
        const params = { name: 'count', arguments: { to } };
        const options = { meta: { progressToken: 'same' }, headers: { 'mcp-protocol-version': '2025-11-25' } };
        return caller.legacy('tools/call', params, options);
      }),
    );
    expect(answers.map(({ body }) => body.toString().match(/"progressToken":"same"/g)?.length)).toEqual([3, 4]);
  });

  it('should ask the client in the middle of its call', async () => {
    const { caller } = await serve([SERVER]);
    const client = await McpClient.open(caller, { elicitation: { form: {} } });
    const stream = new EventStream(await client.begin('tools/call', { name: 'ask', arguments: {} }));
    const asked = await stream.message();
    expect(asked).toMatchObject({ method: 'elicitation/create', params: { message: 'Who?' } });
    await client.send({ jsonrpc: '2.0', id: asked.id, result: { action: 'accept', content: { name: 'Ada' } } });
    expect((await stream.message()).result.content[0].text).toBe('accept Ada');
  });

  it('should fail the call in which it dies, and serve the next one anew', async () => {
    const { caller } = await serve([SERVER]);
    const client = await McpClient.open(caller);
    const before = textOf(await call(client, 'pid'));
    expect(jsonOf(await call(client, 'die')).error).toMatchObject({
      code: -32603,
      data: { reason: 'upstream_closed' },
    });
    expect(textOf(await call(client, 'pid'))).not.toBe(before);
    const pid = Number(textOf(await call(client, 'pid')));
    const params = { name: 'wait', arguments: {} };
    const stream = new EventStream(await client.begin('tools/call', params, { meta: { progressToken: 1 } }));
    expect(await stream.message()).toMatchObject({ method: 'notifications/progress' });
    process.kill(pid, 'SIGKILL');
    expect((await stream.message()).error.data.reason).toBe('upstream_closed');
    expect(textOf(await call(client, 'pid'))).toMatch(/^\d+$/);
  });

  it('should be refused to whom there is no room for', async () => {
    const { caller } = await serve([SERVER]);
    const streams: EventStream[] = [];
    const wait = { name: 'wait', arguments: {} };
    // One process is the gateway's own.
    for (let process = 0; process < 5; process++) {
      const client = await McpClient.open(caller);
      const stream = new EventStream(await client.begin('tools/call', wait, { meta: { progressToken: 1 } }));
      streams.push(stream);
      expect(await stream.message()).toMatchObject({ method: 'notifications/progress' });
    }
    const untold = async (): Promise<string> =>
      jsonOf(await call(await McpClient.open(caller), 'pid')).error?.data.reason;
    await expect.poll(untold).toBe('upstream_busy');
    for (const stream of streams) stream.close();
  });

  it('should take what it has started with it', async () => {
    const { caller } = await serve([SERVER]);
    const client = await McpClient.open(caller);
    const child = Number(textOf(await call(client, 'fork')));
    expect(isAlive(child)).toBe(true);
    await client.end();
    await expect.poll(() => isAlive(child), { timeout: 5000 }).toBe(false);
  });

  it('should be heard when it offers something else', async () => {
    const tools = mkdtempSync(join(folder, 'tools-'));
    const { caller } = await serve([SERVER], { env: { TOOLS_FOLDER: tools } });
    let files = 0;
    const listed = async (): Promise<string> => {
      writeFileSync(join(tools, `grown-${(files += 1)}`), '');
      return JSON.stringify(jsonOf(await new RawCaller(`${gate.url}/mcp`, gate.session).legacy('tools/list')));
    };
    await expect.poll(listed, { timeout: 10_000, interval: 200 }).toContain('grown-');
    expect(caller.endpoint).toContain('/servers/');
  });

  it('should be well while it answers', async () => {
    const { gateway } = await serve([SERVER]);
    const { body } = await gate.rest('GET', `/gateways/${gateway.id}/health`);
    expect(body).toMatchObject({ reachable: true, era: 'legacy' });
    const refreshed = await gate.rest('POST', `/gateways/${gateway.id}/refresh`);
    expect(refreshed).toMatchObject({ status: 200, body: { toolsAdded: 0, toolsRemoved: 0 } });
  });

  it.each(['exits', 'flood', 'silent', 'noise'])('should not be registered when it %s', async (kind) => {
    const { status, body } = await gate.rest('POST', '/gateways', wished([ODD, kind]));
    expect([status, body.message]).toEqual([
      502,
      expect.stringMatching(/^Unable to connect to gateway: the upstream /),
    ]);
  });

  it('should be understood whatever else it writes', async () => {
    expect((await gate.rest('POST', '/gateways', wished([ODD, 'garbage']))).status).toBe(200);
  });
});
