import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type OutgoingHttpHeaders, request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TokenIssuer } from '../../../src/auth/jwt/token-issuer.js';
import { ADMIN, RunningGateway } from '../../fixtures/running-gateway.js';
import { startDualEraUpstream } from '../../fixtures/upstreams/dual-era-upstream.js';
import { startLegacyUpstream } from '../../fixtures/upstreams/legacy-upstream.js';
import type { TestUpstream } from '../../fixtures/upstreams/test-upstream.js';
import { jsonOf, legacyMessage, type RawAnswer, RawCaller, whole } from './raw-caller.js';
import { usageOf } from './usage-of.js';

const BODY = legacyMessage('ping').body;
const rejections: unknown[] = [];
const note = (reason: unknown): number => rejections.push(reason);

let running: RunningGateway;
let upstreams: TestUpstream[];
let token: string;
/** Reaches public rows only. */
let stranger: string;
/** Of a virtual server with items of a public and of a private gateway, and of one that is private itself. */
let mixed: string;
let hidden: string;
let good: RawCaller;
const open: RawCaller[] = [];

beforeAll(async () => {
  process.on('unhandledRejection', note);
  running = await RunningGateway.start({ REQUEST_TIMEOUT_SECONDS: '1', DEFAULT_USER_ROLE: 'viewer' });
  upstreams = [await startDualEraUpstream(), await startLegacyUpstream({ sessions: true })];
  const open = await running.register('open', upstreams[0]?.url ?? '');
  const closed = await running.register('closed', upstreams[1]?.url ?? '', { visibility: 'private' });
  const idsOf = async (plural: string) =>
    (await running.rest('GET', `/${plural}?limit=500`)).body.map(({ id }: { id: string }) => id);
  const everything = { associated_tools: await idsOf('tools'), associated_prompts: await idsOf('prompts') };
  mixed = (await running.serve(open.id, { name: 'mixed', ...everything })).id;
  hidden = (await running.serve(closed.id, { name: 'hidden', visibility: 'private' })).id;
  token = await running.mint('good');
  stranger = await running.gateway.app.get(TokenIssuer).sign(ADMIN.email, randomUUID(), { teams: [] }, 3600);
  good = at(`/servers/${mixed}/mcp`);
});
afterAll(async () => {
  for (const caller of open) caller.close();
  await running.stop();
  for (const upstream of upstreams) await upstream.close();
  process.off('unhandledRejection', note);
});

/** Whatever a client did: the next one is served, and nothing was left behind. */
afterEach(async () => {
  expect(jsonOf(await good.modern('tools/call', { name: 'open-echo', arguments: { text: 'hi' } }))).toMatchObject({
    result: { content: [{ text: 'hi' }] },
  });
  expect(rejections).toEqual([]);
});

function at(path: string, bearer: string | undefined = token): RawCaller {
  const caller = new RawCaller(running.url + path, bearer);
  open.push(caller);
  return caller;
}

const post = (headers: OutgoingHttpHeaders, path = '/mcp'): Promise<RawAnswer> => at(path).post(BODY, headers);

describe('a caller', () => {
  const REFUSED: [string, OutgoingHttpHeaders, number, string][] = [
    ['of a foreign Host', { host: 'evil.example' }, 403, 'misdirected'],
    ['of a foreign Host that begins like ours', { host: 'localhost.evil.example' }, 403, 'misdirected'],
    ['of a foreign Origin', { origin: 'https://evil.example' }, 403, 'origin_not_allowed'],
    ['of the Origin null', { origin: 'null' }, 403, 'origin_not_allowed'],
    ['without a token', { authorization: undefined }, 401, 'authentication_required'],
    ['with a broken token', { authorization: 'Bearer abc.def.ghi' }, 401, 'invalid_token'],
    ['with HTTP Basic', { authorization: 'Basic YWRtaW46eA==' }, 401, 'basic_disabled'],
    ['with another scheme', { authorization: 'Digest YWRtaW46eA==' }, 401, 'invalid_token'],
    ['with an empty token', { authorization: 'Bearer ' }, 401, 'invalid_token'],
    ['with a token of 8,000 characters', { authorization: `Bearer ${'x'.repeat(8_000)}` }, 401, 'invalid_token'],
    ['with 20 KB of headers', { 'x-much': 'x'.repeat(20_000) }, 431, 'headers_too_large'],
  ];
  it.each(REFUSED)('%s is refused', async (_who, headers, status, code) => {
    for (const path of ['/mcp', `/servers/${mixed}/mcp`, '/rpc']) {
      const answer = await post(headers, path);
      expect(answer.status).toBe(status);
      expect(jsonOf(answer)).toMatchObject({ code, detail: expect.any(String) });
      expect(answer.headers['www-authenticate'] !== undefined).toBe(status === 401);
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
    }
  });

  it('of another token than the good one is told nothing of the body', async () => {
    const answer = await at('/mcp', 'nobody').post('{"broken');
    expect(answer.status).toBe(401);
  });
});

describe('a virtual server', () => {
  it.each([
    '0'.repeat(32),
    'f47ac10b-58cc-4372-a567-0e02b2c3d479',
    'nothing',
    "'; DROP TABLE servers",
    '%00',
    'x'.repeat(500),
  ])('that does not exist answers 404: %s', async (id) => {
    const answer = await at(`/servers/${encodeURIComponent(id)}/mcp`).modern('tools/list');
    expect(answer.status).toBe(404);
    expect(jsonOf(answer)).toEqual({ detail: 'Server not found', code: 'not_found' });
  });

  it('that is hidden answers like one that does not exist', async () => {
    expect((await at(`/servers/${hidden}/mcp`).modern('tools/list')).status).toBe(200);
    const [one, none] = [
      await at(`/servers/${hidden}/mcp`, stranger).modern('tools/list'),
      await at(`/servers/${'0'.repeat(32)}/mcp`, stranger).modern('tools/list'),
    ];
    expect(one.status).toBe(404);
    expect(one.body).toEqual(none.body);
  });

  it('opens to no token of another server', async () => {
    const scoped = await running.mint('scoped', { server_id: mixed });
    expect((await at(`/servers/${mixed}/mcp`, scoped).modern('tools/list')).status).toBe(200);
    for (const path of [`/servers/${hidden}/mcp`, '/mcp', '/rpc', `/servers/${'0'.repeat(32)}/mcp`]) {
      expect((await at(path, scoped).modern('tools/list')).status).toBe(403);
    }
  });
});

describe('what a caller may not see', () => {
  it.each(['modern', 'legacy'] as const)('is answered like what is not there (%s)', async (era) => {
    const mine = at(`/servers/${mixed}/mcp`);
    const theirs = at(`/servers/${mixed}/mcp`, stranger);
    const ask = async (caller: RawCaller, method: string, name: string) =>
      (await caller[era](method, { name })).body.toString().replaceAll(name, 'NAME');
    for (const [method, kind] of [
      ['tools/call', 'echo'],
      ['prompts/get', 'simple'],
    ] as const) {
      expect(await ask(mine, method, `closed-${kind}`)).toContain('"result"');
      const refused = await ask(theirs, method, `closed-${kind}`);
      expect(refused).toContain('-32602');
      expect(refused).toBe(await ask(theirs, method, `nothing-${kind}`));
      expect(await ask(theirs, method, `open-${kind}`)).toContain('"result"');
    }
    const listed = jsonOf(await theirs[era]('tools/list')).result.tools as { name: string }[];
    expect(listed.some(({ name }) => name.startsWith('open-'))).toBe(true);
    expect(listed.some(({ name }) => name.startsWith('closed-'))).toBe(false);
    const ref = { type: 'ref/prompt', name: 'closed-with-arguments' };
    const completion = await theirs[era]('completion/complete', { ref, argument: { name: 'drink', value: '' } });
    expect(jsonOf(completion)).toMatchObject({ error: { code: -32602 } });
  });
});

describe('a method of HTTP', () => {
  it.each([
    ['GET', 405],
    ['HEAD', 405],
    ['PUT', 405],
    ['PATCH', 405],
    ['OPTIONS', 405],
    ['DELETE', 400],
  ])('%s is answered with %i', async (method, status) => {
    const answer = await whole(await at('/mcp').send(method, undefined, { 'content-type': undefined }));
    expect(answer.status).toBe(status);
    expect(answer.headers['allow']).toBe('POST, GET, DELETE');
    expect((await whole(await at('/mcp', 'nobody').send(method, undefined))).status).toBe(401);
  });

  it('GET of the stream of a session that was made up is answered with 404', async () => {
    const headers = { accept: 'text/event-stream', 'mcp-session-id': 'made-up' };
    expect((await at('/mcp').send('GET', undefined, headers)).statusCode).toBe(404);
  });
});

describe('a body that', () => {
  const half = (headers: OutgoingHttpHeaders = {}) => {
    const outgoing = request(`${running.url}/mcp`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    });
    outgoing.on('error', () => undefined);
    outgoing.write(BODY.slice(0, 20));
    return outgoing;
  };

  it.each([{ 'content-length': 1_000 }, {}])(
    'does not come to its end is answered with 408 (%j)',
    async (headers) => {
      const outgoing = half(headers);
      const [answer] = await once(outgoing, 'response');
      expect(answer.statusCode).toBe(408);
      expect(jsonOf(await whole(answer))).toMatchObject({ code: 'request_timeout' });
    },
    // Node by itself looks every 30 seconds.
    20_000,
  );

  it('breaks off leaves a row that says so', async () => {
    const outgoing = half({ 'x-correlation-id': 'broken-off', 'content-length': 1_000 });
    outgoing.write(' ', () => outgoing.destroy());
    expect(await usageOf(running, 'broken-off')).toMatchObject({ outcome: 'aborted', mcp_method: null });
  });
});
