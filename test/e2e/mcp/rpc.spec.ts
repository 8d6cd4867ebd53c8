import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TokenIssuer } from '../../../src/auth/jwt/token-issuer.js';
import { ADMIN } from '../../fixtures/running-gateway.js';
import { jsonOf, legacyMessage, modernMessage, type RawAnswer, RawCaller } from './raw-caller.js';
import { RawGate } from './raw-gate.js';
import { usageOf } from './usage-of.js';

const TOOL = 'modern-upstream-tool';
const UNKNOWN_ID = 'f'.repeat(32);

let gate: RawGate;
let one: string;
let other: string;
/** Bound to the first virtual server. */
let bound: string;
let stranger: string;
const open: RawCaller[] = [];

beforeAll(async () => {
  gate = await RawGate.start();
  one = new URL(gate.callers.modern.endpoint).pathname.split('/')[2] ?? '';
  other = new URL(gate.callers.legacy.endpoint).pathname.split('/')[2] ?? '';
  bound = await gate.running.mint('bound', { server_id: one });
  stranger = await gate.running.gateway.app.get(TokenIssuer).sign(ADMIN.email, randomUUID(), { teams: [] }, 3600);
});
afterAll(async () => {
  for (const caller of open) caller.close();
  await gate.stop();
});
beforeEach(() => gate.reset());

function at(token = gate.token, path = '/rpc'): RawCaller {
  const caller = new RawCaller(gate.running.url + path, token);
  open.push(caller);
  return caller;
}

/** As a plain HTTP client calls it: no version, no `Accept` to speak of. */
const PLAIN = { 'mcp-protocol-version': undefined, accept: '*/*' };
const ask = (method: string, params: object = {}, token?: string): Promise<RawAnswer> =>
  at(token).legacy(method, params, { headers: PLAIN });

describe('POST /rpc', () => {
  const RESULTS: [string, object, object][] = [
    [
      'initialize',
      { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
      { protocolVersion: '2025-06-18' },
    ],
    ['ping', {}, {}],
    ['tools/list', {}, { tools: [{ name: TOOL }, {}] }],
    ['list_tools', {}, { tools: [{ name: TOOL }, {}] }],
    ['resources/list', {}, { resources: [{}] }],
    ['resources/templates/list', {}, { resourceTemplates: [{}] }],
    ['prompts/list', {}, { prompts: [{}, {}] }],
    ['tools/call', { name: TOOL, arguments: {} }, { content: [] }],
    ['logging/setLevel', { level: 'info' }, {}],
    ['notifications/initialized', {}, {}],
    ['notifications/cancelled', { requestId: 7 }, {}],
    ['notifications/message', { level: 'info', data: 'x' }, {}],
    ['notifications/of/nobody', {}, {}],
  ];
  it.each(RESULTS)('answers %s %j', async (method, params, result) => {
    const answer = await ask(method, params);
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(answer.headers['mcp-session-id']).toBeUndefined();
    expect(jsonOf(answer)).toMatchObject({ jsonrpc: '2.0', id: 1, result });
  });

  it.each(['notifications/initialized', 'notifications/cancelled', 'notifications/of/nobody'])(
    'accepts %s without an id, and answers nothing',
    async (method) => {
      const answer = await at().post(JSON.stringify({ jsonrpc: '2.0', method }), PLAIN);
      expect(answer).toMatchObject({ status: 202, body: { length: 0 } });
    },
  );

  const ERRORS: [string, object, number, string][] = [
    ['no/such', {}, -32601, 'Method not found: no/such'],
    ['get_time', {}, -32601, 'Method not found: get_time'],
    ['list_roots', {}, -32601, 'Method not found: list_roots; roots are kept by clients, the gateway has none'],
    ['roots/list', {}, -32601, 'Method not found: roots/list; roots are kept by clients, the gateway has none'],
    [
      'sampling/createMessage',
      {},
      -32601,
      'Method not found: sampling/createMessage; servers ask it of clients, in a session',
    ],
    ['elicitation/create', {}, -32601, 'Method not found: elicitation/create; servers ask it of clients, in a session'],
    ['tools/call', { arguments: {} }, -32602, 'Missing tool name in parameters: params.name must be a string'],
    ['prompts/get', { name: 7 }, -32602, 'Missing prompt name in parameters: params.name must be a string'],
    ['resources/read', {}, -32602, 'Missing resource URI in parameters: params.uri must be a string'],
    ['resources/subscribe', {}, -32602, 'Missing resource URI in parameters: params.uri must be a string'],
    ['resources/unsubscribe', {}, -32602, 'Missing resource URI in parameters: params.uri must be a string'],
    ['logging/setLevel', { level: 'loud' }, -32602, 'params.level must be one of'],
    ['completion/complete', {}, -32602, 'params.ref names no prompt or resource template of this server'],
    ['initialize', {}, -32602, 'params.protocolVersion must be a string'],
    ['tools/list', { cursor: 'x' }, -32602, 'params.cursor is not a cursor of this list, or no longer'],
    ['tools/call', { name: 'nobody' }, -32602, 'Unknown tool: nobody'],
    ['prompts/get', { name: 'nobody' }, -32602, 'Unknown prompt: nobody'],
    ['resources/read', { uri: 'test://nobody' }, -32002, 'Resource not found: test://nobody'],
    ['resources/subscribe', { uri: 'raw://one' }, -32600, 'subscriptions need a session'],
  ];
  it.each(ERRORS)('refuses %s %j with %i', async (method, params, code, text) => {
    const answer = await ask(method, params);
    expect(answer.status).toBe(200);
    expect(jsonOf(answer)).toMatchObject({ id: 1, error: { code, message: expect.stringContaining(text) } });
  });

  const MALFORMED: [string, string, number, unknown?][] = [
    ['what is no JSON', '{"jsonrpc":', -32700],
    ['what is no object', '"ping"', -32600],
    ['another jsonrpc', '{"jsonrpc":"1.0","id":1,"method":"ping"}', -32600, 1],
    ['an id that is an object', '{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600],
    ['an id that is null', '{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600],
    ['params that are a list', '{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}', -32600, 1],
    ['a method that is none', '{"jsonrpc":"2.0","id":1,"method":7}', -32600, 1],
  ];
  it.each(MALFORMED)('refuses %s', async (_, body, code, id) => {
    const answer = await at().post(body, PLAIN);
    expect(answer.status).toBe(400);
    const { id: answered, error } = jsonOf(answer);
    expect([answered, error.code]).toEqual([id, code]);
  });

  it('has none of its own methods in the newer era, nor at the other doors', async () => {
    for (const method of ['list_tools', 'list_gateways', 'notifications/initialized']) {
      const { body, headers } = modernMessage(method);
      expect(await at().post(body, headers)).toMatchObject({ status: 404 });
      expect(jsonOf(await at(gate.token, '/mcp').legacy(method)).error.code).toBe(-32601);
      expect(jsonOf(await gate.callers.modern.legacy(method)).error.code).toBe(-32601);
    }
  });

  it('answers its own methods in batches too', async () => {
    const messages = ['list_tools', 'list_roots', 'notifications/x'].map((method, id) => ({
      jsonrpc: '2.0',
      id,
      method,
    }));
    const answers = jsonOf(await at().post(JSON.stringify(messages), PLAIN));
    expect(answers).toMatchObject([
      { result: { tools: [{}, {}] } },
      { error: { code: -32601 } },
      { id: 2, result: {} },
    ]);
  });
});

describe('list_gateways', () => {
  const names = async (params: object, token?: string) => {
    const { result } = jsonOf(await ask('list_gateways', params, token));
    return result.gateways.map(({ name }: { name: string }) => name);
  };

  it('tells of those that the caller may see, and no secrets', async () => {
    const hidden = await gate.running.register('hidden', gate.upstreams.modern.url, { visibility: 'private' });
    const { result } = jsonOf(await ask('list_gateways'));
    expect(result.gateways).toContainEqual({
      id: hidden.id,
      name: 'hidden',
      description: '',
      transport: 'STREAMABLEHTTP',
    });
    expect(await names({})).toEqual(['modern upstream', 'legacy upstream', 'hidden']);
    expect(await names({}, stranger)).toEqual(['modern upstream', 'legacy upstream']);
    await gate.running.rest('DELETE', `/gateways/${hidden.id}`);
  });

  it('tells of those behind a virtual server', async () => {
    expect(await names({ server_id: one })).toEqual(['modern upstream']);
    expect(await names({ server_id: one }, bound)).toEqual(['modern upstream']);
  });

  it('needs gateways.read', async () => {
    const answer = await ask('list_gateways', {}, await gate.running.mint('no', { permissions: ['tools.read'] }));
    expect(answer.status).toBe(403);
    expect(jsonOf(answer).error.data).toMatchObject({ permission: 'gateways.read', method: 'list_gateways' });
  });
});

describe('params.server_id of /rpc', () => {
  it('narrows a call to one virtual server, and goes no further', async () => {
    const listed = jsonOf(await ask('tools/list', { server_id: one })).result.tools;
    expect(listed.map(({ name }: { name: string }) => name)).toEqual(['tool']);
    const answer = await ask('tools/call', { name: 'tool', server_id: one, arguments: { server_id: 'kept' } });
    expect(jsonOf(answer)).toMatchObject({ id: 1, result: { content: [] } });
    const [seen] = gate.upstreams.modern.seen;
    expect(JSON.parse(seen?.body ?? '').params.arguments).toEqual({ server_id: 'kept' });
    expect(JSON.parse(seen?.body ?? '').params.server_id).toBeUndefined();
    expect(await usageOf(gate.running, answer.headers['x-correlation-id'])).toMatchObject({
      server_id: one,
      target: 'tool',
    });
    expect(jsonOf(await ask('tools/call', { name: 'tool' })).error.code).toBe(-32602);
  });

  it('is taken in every spelling of an id, past the router, in the newer era and in batches', async () => {
    const dashed = one.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5').toUpperCase();
    for (const path of ['/rpc', '/rpc/', '/rpc?session=1', '/v1/rpc'])
      expect(jsonOf(await at(bound, path).legacy('tools/list', { server_id: dashed })).result.tools).toHaveLength(1);
    const { body, headers } = modernMessage('tools/call', { name: 'tool', server_id: one });
    expect(jsonOf(await at(bound).post(body, headers))).toMatchObject({ id: 1, result: { content: [] } });
    const message = JSON.parse(legacyMessage('tools/list', { server_id: one }).body);
    const answers = jsonOf(await at(bound).post(JSON.stringify([message, { ...message, id: 2 }]), PLAIN));
    expect(answers).toMatchObject([{ result: { tools: [{}] } }, { id: 2, result: { tools: [{}] } }]);
  });

  it('opens nothing else to a token of one server', async () => {
    const foreign = await ask('tools/list', { server_id: other }, bound);
    expect(foreign.status).toBe(403);
    expect(jsonOf(foreign)).toEqual({
      jsonrpc: '2.0',
      id: 1,
      error: { code: -32003, message: `Token not authorized for server: ${other}` },
    });
    expect(await usageOf(gate.running, foreign.headers['x-correlation-id'])).toMatchObject({
      outcome: 'blocked',
      block_reason: 'token_server_scope',
      mcp_method: 'tools/list',
    });
    expect((await ask('tools/list', { server_id: UNKNOWN_ID }, bound)).status).toBe(403);
    expect(await ask('tools/list', {}, bound)).toMatchObject({ status: 403 });
    expect(await at(bound, '/mcp').legacy('tools/list', { server_id: one })).toMatchObject({ status: 403 });
    const mixed = [legacyMessage('tools/list', { server_id: one }), legacyMessage('tools/list', {}, { id: 2 })];
    const body = `[${mixed.map((message) => message.body).join()}]`;
    const answer = await at(bound).post(body, PLAIN);
    expect(answer.status).toBe(400);
    expect(jsonOf(answer).error).toMatchObject({ code: -32600, message: expect.stringContaining('params.server_id') });
  });

  it('is answered alike for unknown, disabled and hidden servers', async () => {
    const hidden = await gate.running.rest('POST', '/servers', { server: { name: 'hidden', visibility: 'private' } });
    for (const server_id of [UNKNOWN_ID, hidden.body.id]) {
      const answer = await ask('tools/list', { server_id }, stranger);
      expect(answer.status).toBe(404);
      expect(jsonOf(answer)).toEqual({
        jsonrpc: '2.0',
        id: 1,
        error: { code: -32602, message: `Server not found: ${server_id}` },
      });
    }
  });

  it.each([7, null, '', 'all', '*', {}, ['x'], `${'a'.repeat(32)}/mcp`])('must be an id: %j', async (server_id) => {
    const answer = await ask('tools/list', { server_id });
    expect(answer.status).toBe(400);
    expect(jsonOf(answer).error).toEqual({
      code: -32602,
      message: 'params.server_id must be the id of a virtual server',
    });
  });
});
