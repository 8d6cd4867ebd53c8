import type { OutgoingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventsOf, jsonOf, legacyMessage, modernMessage, type RawAnswer, RawCaller } from './raw-caller.js';
import { type Era, ERAS, RawGate } from './raw-gate.js';
import { answering, eventOf, failing, type RawScript } from './raw-upstream.js';
import { usageOf, usageRowsOf } from './usage-of.js';

const PROGRESS = '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"p","progress":1}}';

let gate: RawGate;
let ids: Record<Era, { server: string; gateway: string }>;
let tokenId: string;

beforeAll(async () => {
  gate = await RawGate.start({}, { TOOL_TIMEOUT: '1', MCP_MAX_RESPONSE_BYTES: '100000', MCP_MAX_BODY_BYTES: '5000' });
  const { body: gateways } = await gate.running.rest('GET', '/gateways');
  const idsOf = (era: Era) => ({
    server: new URL(gate.callers[era].endpoint).pathname.split('/')[2] ?? '',
    gateway: gateways.find(({ name }: { name: string }) => name.startsWith(era)).id,
  });
  ids = { modern: idsOf('modern'), legacy: idsOf('legacy') };
  tokenId = JSON.parse(Buffer.from(gate.token.split('.')[1] ?? '', 'base64url').toString()).jti;
});
afterAll(() => gate.stop());
beforeEach(() => gate.reset());

const row = (answer: RawAnswer) => usageOf(gate.running, answer.headers['x-correlation-id']);

function post(era: Era, method: string, params?: object, headers: OutgoingHttpHeaders = {}) {
  const message = (era === 'modern' ? modernMessage : legacyMessage)(method, params);
  return { message, answer: gate.callers[era].post(message.body, { ...message.headers, ...headers }) };
}

describe.each(ERAS)('one row of a call at the %s upstream', (era) => {
  it('says who called what, how it ended, and how much passed', async () => {
    const before = Date.now();
    const { message, answer } = post(
      era,
      'tools/call',
      { name: 'tool', arguments: { a: 1 } },
      { 'user-agent': 'me/1' },
    );
    const whole = await answer;
    const found = await row(whole);
    expect(found).toMatchObject({
      user_email: 'admin@example.com',
      token_jti: tokenId,
      method: 'POST',
      endpoint: new URL(gate.callers[era].endpoint).pathname,
      mcp_method: 'tools/call',
      target: 'tool',
      server_id: ids[era].server,
      gateway_id: ids[era].gateway,
      ip_address: '127.0.0.1',
      user_agent: 'me/1',
      status_code: 200,
      outcome: 'ok',
      blocked: false,
      block_reason: null,
      bytes_in: Buffer.byteLength(message.body),
      bytes_out: whole.body.length,
    });
    expect(Date.parse(found.timestamp)).toBeGreaterThanOrEqual(before - 1);
    expect(found.response_time_ms).toBeGreaterThan(0);
  });

  it.each(['large', 'streamed'])('counts the bytes of a %s answer', async (kind) => {
    gate.upstreams[era].script =
      kind === 'large'
        ? answering(`{"content":[{"type":"text","text":"${'x'.repeat(80_000)}"}],"resultType":"complete"}`)
        : ({ id, response }) => {
            response.writeHead(200, { 'content-type': 'text/event-stream' });
            response.end(eventOf(PROGRESS) + eventOf(`{"jsonrpc":"2.0","id":${id},"result":{"content":[]}}`));
          };
    const message = (era === 'modern' ? modernMessage : legacyMessage)(
      'tools/call',
      { name: 'tool' },
      { meta: { progressToken: 'p' } },
    );
    const whole = await gate.callers[era].post(message.body, message.headers);
    if (kind === 'streamed') expect(eventsOf(whole)).toHaveLength(2);
    expect(await row(whole)).toMatchObject({ outcome: 'ok', bytes_out: whole.body.length });
  });

  const FAULTS: [string, RawScript, string][] = [
    ['a tool that fails', answering('{"content":[], "isError" : true}'), 'tool_error'],
    ['an error', failing('{"code":-32602,"message":"no"}'), 'rpc_error'],
    ['an error with a status', failing('{"code":-32602,"message":"no"}', 400), 'rpc_error'],
    ['silence', () => undefined, 'upstream_timeout'],
    ['a closed connection', ({ request }) => void request.socket.destroy(), 'upstream_closed'],
    ['nonsense', ({ response }) => void response.end('hello'), 'upstream_invalid_answer'],
    ['too much', answering(`{"content":"${'x'.repeat(200_000)}"}`), 'upstream_too_large'],
    ['500', ({ response }) => void response.writeHead(500).end(), 'upstream_failed'],
    ['401', ({ response }) => void response.writeHead(401).end(), 'upstream_refused_credentials'],
    ['429', ({ response }) => void response.writeHead(429).end(), 'upstream_busy'],
  ];
  it.each(FAULTS)('names the failure: %s', async (_what, script, reason) => {
    gate.upstreams[era].script = script;
    const whole = await post(era, 'tools/call', { name: 'tool' }).answer;
    expect(whole.status).toBe(200);
    expect(await row(whole)).toMatchObject({
      mcp_method: 'tools/call',
      target: 'tool',
      gateway_id: ids[era].gateway,
      status_code: 200,
      outcome: 'error',
      blocked: false,
      block_reason: reason,
      bytes_out: whole.body.length,
    });
  });

  it('is not misled by an isError deeper down', async () => {
    gate.upstreams[era].script = answering('{"content":[],"structuredContent":{"isError":true}}');
    expect(await row(await post(era, 'tools/call', { name: 'tool' }).answer)).toMatchObject({ outcome: 'ok' });
  });

  it('of a client that leaves says aborted', async () => {
    gate.upstreams[era].script = () => undefined;
    const leaving = new AbortController();
    const id = `leaving-${era}`;
    const message = (era === 'modern' ? modernMessage : legacyMessage)('tools/call', { name: 'tool' });
    const headers = { ...message.headers, 'x-correlation-id': id };
    const answer = gate.callers[era].post(message.body, headers, leaving.signal);
    answer.catch(() => undefined);
    await gate.upstreams[era].until(({ body }) => body.includes('tools/call'));
    leaving.abort();
    expect(await usageOf(gate.running, id)).toMatchObject({ outcome: 'aborted', blocked: false, target: 'tool' });
    // What the upstream says later must not make a second row.
    expect(jsonOf(await post(era, 'tools/list').answer)).toHaveProperty('result');
    expect(await usageRowsOf(gate.running, id)).toHaveLength(1);
  });
});

describe('one row of what the gate answers itself', () => {
  it.each([
    ['initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'a', version: '1' } }],
    ['ping', {}],
    ['tools/list', {}],
    ['prompts/list', {}],
  ])('%s', async (method, params) => {
    const { message, answer } = post('legacy', method, params);
    const whole = await answer;
    expect(await row(whole)).toMatchObject({
      mcp_method: method,
      target: null,
      server_id: ids.legacy.server,
      gateway_id: null,
      status_code: 200,
      outcome: 'ok',
      bytes_in: message.body.length,
      bytes_out: whole.body.length,
    });
  });

  it('a notification', async () => {
    const whole = await gate.callers.legacy.post('{"jsonrpc":"2.0","method":"notifications/initialized"}');
    expect(await row(whole)).toMatchObject({
      mcp_method: 'notifications/initialized',
      status_code: 202,
      outcome: 'ok',
      bytes_out: 0,
    });
  });

  const REFUSALS: [string, () => Promise<RawAnswer>, object][] = [
    [
      'an unknown tool',
      () => post('modern', 'tools/call', { name: 'none' }).answer,
      { mcp_method: 'tools/call', target: 'none', outcome: 'error', blocked: false, block_reason: 'unknown_target' },
    ],
    [
      'a bad cursor',
      () => post('modern', 'tools/list', { cursor: 'x' }).answer,
      { mcp_method: 'tools/list', outcome: 'error', block_reason: 'invalid_cursor' },
    ],
    [
      'a method that nobody serves',
      () => post('legacy', 'tasks/list').answer,
      { mcp_method: 'tasks/list', status_code: 200, outcome: 'error', block_reason: 'method_not_found' },
    ],
    [
      'broken JSON',
      () => gate.callers.modern.post('{'),
      { mcp_method: null, status_code: 400, outcome: 'blocked', block_reason: 'parse_error', bytes_in: 1 },
    ],
    [
      'a header that lies',
      () => post('modern', 'tools/call', { name: 'tool' }, { 'mcp-name': 'other' }).answer,
      {
        mcp_method: 'tools/call',
        target: 'tool',
        status_code: 400,
        outcome: 'blocked',
        blocked: true,
        block_reason: 'header_mismatch',
      },
    ],
    [
      'an unknown method',
      () => post('legacy', 'tools/drop').answer,
      { mcp_method: 'tools/drop', status_code: 200, outcome: 'blocked', block_reason: 'method_not_found' },
    ],
    [
      'an unknown session',
      () => post('legacy', 'ping', {}, { 'mcp-session-id': 'x' }).answer,
      { status_code: 404, outcome: 'blocked', block_reason: 'unknown_session' },
    ],
  ];
  it.each(REFUSALS)('%s', async (_what, ask, expected) => {
    const whole = await ask();
    const found = await row(whole);
    expect(found).toMatchObject({ user_email: 'admin@example.com', token_jti: tokenId, ...expected });
    expect(found.bytes_out).toBe(whole.body.length);
  });

  it('a body too large', async () => {
    const whole = await gate.callers.modern.post(' '.repeat(5_001));
    expect(whole.status).toBe(413);
    expect(await row(whole)).toMatchObject({ outcome: 'blocked', blocked: true, block_reason: 'payload_too_large' });
  });

  it('a token that may not', async () => {
    const caller = new RawCaller(
      gate.callers.modern.endpoint,
      await gate.running.mint('r', { permissions: ['tools.read'] }),
    );
    const whole = await caller.modern('tools/call', { name: 'tool' });
    caller.close();
    expect(await row(whole)).toMatchObject({
      mcp_method: 'tools/call',
      target: 'tool',
      status_code: 403,
      outcome: 'blocked',
      blocked: true,
      block_reason: 'token_permission_scope',
      bytes_out: whole.body.length,
    });
  });
});

describe('the rows of a batch', () => {
  it('are one for each message, and none for the envelope', async () => {
    gate.upstreams.legacy.script = failing('{"code":1,"message":"no"}');
    const call = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"tool"}}';
    const rest = '{"jsonrpc":"2.0","id":2,"method":"ping"},{"jsonrpc":"2.0","method":"notifications/x"},7';
    const unknown = '{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"none"}}';
    const headers = { 'mcp-protocol-version': '2025-03-26' };
    const whole = await gate.callers.legacy.post(`[${call},${rest},${unknown}]`, headers);
    const rows = await usageRowsOf(gate.running, String(whole.headers['x-correlation-id']));
    const byMethod = Object.fromEntries(rows.map((found) => [`${found.mcp_method} ${found.target}`, found]));
    expect(rows).toHaveLength(5);
    expect(byMethod).toMatchObject({
      'tools/call tool': {
        outcome: 'error',
        block_reason: 'rpc_error',
        gateway_id: ids.legacy.gateway,
        bytes_in: call.length,
      },
      'ping null': { outcome: 'ok', block_reason: null, gateway_id: null },
      'notifications/x null': { outcome: 'ok', bytes_out: 0 },
      'null null': { outcome: 'blocked', block_reason: 'invalid_request' },
      'tools/call none': { outcome: 'error', block_reason: 'unknown_target', bytes_in: unknown.length },
    });
    const answered = rows.reduce((sum, found) => sum + found.bytes_out, 0);
    // The brackets, and the commas between four answers.
    expect(answered).toBe(whole.body.length - 5);
  });
});
