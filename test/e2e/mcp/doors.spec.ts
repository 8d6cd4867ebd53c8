import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jsonOf, RawCaller } from './raw-caller.js';
import { ERAS, RawGate } from './raw-gate.js';

const SERVED = ['2025-11-25', '2025-06-18', '2025-03-26'];
const CLIENT = { capabilities: {}, clientInfo: { name: 'test', version: '1' } };

let gate: RawGate;
let serverPath: string;
const open: RawCaller[] = [];

beforeAll(async () => {
  gate = await RawGate.start();
  serverPath = new URL(gate.callers.modern.endpoint).pathname;
});
afterAll(async () => {
  for (const caller of open) caller.close();
  await gate.stop();
});
beforeEach(() => gate.reset());

function at(path: string): RawCaller {
  const caller = new RawCaller(gate.running.url + path.replace('SERVER', serverPath), gate.token);
  open.push(caller);
  return caller;
}

describe('the doors', () => {
  it.each(['SERVER', 'SERVER/', 'SERVER?session=1', '/mcp', '/mcp/', '/rpc', '/rpc/'])(
    'answer alike, without a redirect: %s',
    async (path) => {
      const own = path.startsWith('SERVER');
      const name = own ? 'tool' : 'modern-upstream-tool';
      for (const era of ERAS) {
        const listed = await at(path)[era]('tools/list');
        expect(listed.status).toBe(200);
        expect(jsonOf(listed).result.tools.map((tool: { name: string }) => tool.name)).toContain(name);
        const called = await at(path)[era]('tools/call', { name });
        expect(called).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
        expect(jsonOf(called)).toMatchObject({ id: 1, result: { content: [] } });
      }
      expect(gate.upstreams.modern.seen).toHaveLength(2);
      expect(gate.upstreams.modern.seen[0]?.body).toContain('"name":"tool"');
      expect(gate.upstreams.modern.seen[0]?.headers['mcp-name']).toBe('tool');
    },
  );

  it('know a virtual server by its id in every spelling of a UUID', async () => {
    const id = serverPath.split('/')[2] ?? '';
    const dashed = id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    for (const spelling of [dashed, dashed.toUpperCase(), id.toUpperCase()]) {
      expect((await at(`/servers/${spelling}/mcp`).modern('tools/list')).status).toBe(200);
    }
  });

  it.each(['/mcp/x', '/rpcx', '/servers//mcp', 'SERVER/x', '//mcp', '/mcp;x', '/%6dcp', '/MCP'])(
    'are no others: %s',
    async (path) => {
      expect((await at(path).modern('tools/list')).status).toBe(404);
    },
  );
});

describe('initialize', () => {
  it.each(SERVED)('is answered in the revision %s that was asked for', async (protocolVersion) => {
    const answer = await at('SERVER').legacy(
      'initialize',
      { protocolVersion, ...CLIENT },
      { revision: protocolVersion },
    );
    expect(answer.status).toBe(200);
    expect(jsonOf(answer).result).toMatchObject({
      protocolVersion,
      capabilities: { tools: {}, resources: {}, prompts: {}, completions: {} },
      serverInfo: { name: 'portcullis' },
    });
  });

  it.each(['2024-11-05', '1999-01-01', '2026-07-28', '2030-01-01', 'latest'])(
    'is answered in our newest revision with sessions when asked for %s',
    async (protocolVersion) => {
      const headers = { 'mcp-protocol-version': undefined };
      const answer = await at('SERVER').legacy('initialize', { protocolVersion, ...CLIENT }, { headers });
      expect(jsonOf(answer).result.protocolVersion).toBe('2025-11-25');
    },
  );

  it('does not mind a version header that comes too early, nor a Mcp-Method', async () => {
    const headers = { 'mcp-protocol-version': '2024-11-05', 'mcp-method': 'initialize' };
    const answer = await at('SERVER').legacy('initialize', { protocolVersion: '2025-06-18', ...CLIENT }, { headers });
    expect(jsonOf(answer).result.protocolVersion).toBe('2025-06-18');
  });

  it.each([
    ['ping', {}],
    ['logging/setLevel', { level: 'debug' }],
  ])('leads to %s being answered at the gate', async (method, params) => {
    expect(jsonOf(await at('SERVER').legacy(method, params))).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
    expect(gate.upstreams.modern.seen).toEqual([]);
  });

  it('may be left out, and the version header too', async () => {
    const headers = { 'mcp-protocol-version': undefined };
    expect((await at('SERVER').legacy('tools/list', {}, { headers })).status).toBe(200);
  });
});

describe('server/discover', () => {
  it('says what the virtual server speaks and can do', async () => {
    expect(jsonOf(await at('SERVER').modern('server/discover')).result).toMatchObject({
      supportedVersions: ['2026-07-28', ...SERVED],
      capabilities: { tools: {}, resources: {}, prompts: {}, completions: {} },
      resultType: 'complete',
      cacheScope: 'private',
      ttlMs: expect.any(Number),
      _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'portcullis' } },
    });
  });

  it.each(['tools/list', 'resources/list', 'resources/templates/list', 'prompts/list'])(
    'is followed by %s with its time to live',
    async (method) => {
      const { result } = jsonOf(await at('SERVER').modern(method));
      expect(result).toMatchObject({ resultType: 'complete', cacheScope: 'private', ttlMs: expect.any(Number) });
      const legacy = jsonOf(await at('SERVER').legacy(method)).result;
      expect(Object.keys(legacy)).toHaveLength(1);
    },
  );
});

describe('a notification', () => {
  it.each([
    'notifications/initialized',
    'notifications/cancelled',
    'notifications/progress',
    'notifications/unheard-of',
  ])('is taken with 202 and no body: %s', async (method) => {
    const body = JSON.stringify({ jsonrpc: '2.0', method, params: { requestId: 77 } });
    const answer = await at('SERVER').post(body);
    expect(answer).toMatchObject({ status: 202, headers: { 'content-length': '0' } });
    expect(answer.headers['content-type']).toBeUndefined();
    expect(answer.body).toHaveLength(0);
    expect(gate.upstreams.modern.seen).toEqual([]);
  });

  it('of 2026-07-28 too', async () => {
    const body = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 77 } });
    expect((await at('SERVER').post(body, { 'mcp-protocol-version': '2026-07-28' })).status).toBe(202);
  });
});
