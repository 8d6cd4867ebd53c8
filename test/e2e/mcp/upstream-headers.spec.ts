import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TokenIssuer } from '../../../src/auth/jwt/token-issuer.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { startDualEraUpstream } from '../../fixtures/upstreams/dual-era-upstream.js';
import { startLegacyUpstream } from '../../fixtures/upstreams/legacy-upstream.js';
import type { TestUpstream } from '../../fixtures/upstreams/test-upstream.js';
import { jsonOf, RawCaller } from './raw-caller.js';
import { type Era, PAIRS } from './raw-gate.js';

/** All that an upstream may learn of a call from its headers. */
const KNOWN = {
  modern: [
    'accept',
    'connection',
    'content-length',
    'content-type',
    'host',
    'mcp-method',
    'mcp-name',
    'mcp-protocol-version',
  ],
  legacy: ['accept', 'connection', 'content-length', 'content-type', 'host', 'mcp-protocol-version', 'mcp-session-id'],
};
const FROM_CLIENT = {
  cookie: 'session=canary',
  'x-api-key': 'canary',
  'x-forwarded-for': '10.0.0.1',
  'x-forwarded-user': 'canary',
  'x-authenticated-user': 'canary',
  'x-correlation-id': 'canary',
  forwarded: 'for=canary',
  via: '1.1 canary',
  referer: 'http://canary/',
  'user-agent': 'canary',
  'accept-encoding': 'gzip, br',
  'accept-language': 'canary',
  'proxy-authorization': 'Basic canary',
  te: 'trailers',
  'mcp-param-other': 'canary',
  'last-event-id': 'canary',
};

let running: RunningGateway;
let token: string;
let upstreams: Record<Era, TestUpstream>;
const callers: RawCaller[] = [];

beforeAll(async () => {
  running = await RunningGateway.start({ REQUIRE_USER_IN_DB: 'false', DEFAULT_USER_ROLE: 'viewer' });
  token = await running.mint('headers');
  upstreams = { modern: await startDualEraUpstream(), legacy: await startLegacyUpstream({ sessions: true }) };
});
afterAll(async () => {
  for (const caller of callers) caller.close();
  await running.stop();
  await upstreams.modern.close();
  await upstreams.legacy.close();
});

async function serve(name: string, up: Era, more: object = {}): Promise<RawCaller> {
  const { id } = await running.register(name, upstreams[up].url, more);
  const server = await running.serve(id, { tool_naming: 'original' });
  const caller = new RawCaller(`${running.url}/servers/${server.id}/mcp`, token);
  callers.push(caller);
  return caller;
}

async function whoami(caller: RawCaller, down: Era): Promise<Record<string, string>> {
  const answer = await caller[down]('tools/call', { name: 'whoami', arguments: {} }, { headers: FROM_CLIENT });
  return JSON.parse(jsonOf(answer).result.content[0].text);
}

describe.each(PAIRS)('the headers of a %s client at a %s upstream', (down, up) => {
  it('are not passed on: the gate has its own', async () => {
    const seen = await whoami(await serve(`plain ${down} ${up}`, up), down);
    expect(Object.keys(seen).sort()).toEqual(KNOWN[up]);
    expect(JSON.stringify(seen)).not.toContain('canary');
    expect(JSON.stringify(seen)).not.toContain(token);
    expect(seen['host']).toBe(new URL(upstreams[up].url).host);
    expect(seen['mcp-name'] ?? 'whoami').toBe('whoami');
  });

  it('give way to the credential of the gateway', async () => {
    const credential = { auth_type: 'bearer', auth_token: 'of-the-gateway' };
    const seen = await whoami(await serve(`credential ${down} ${up}`, up, credential), down);
    expect(seen['authorization']).toBe('Bearer of-the-gateway');
    expect(Object.keys(seen).sort()).toEqual(['accept', 'authorization', ...KNOWN[up].slice(1)]);
  });
});

describe('Mcp-Param', () => {
  it.each(['modern', 'legacy'] as const)('is made of the argument, whatever a %s client sent', async (down) => {
    const caller = await serve(`params ${down}`, 'modern');
    const region = 'Köln ';
    const headers =
      down === 'modern'
        ? { 'mcp-param-region': `=?base64?${Buffer.from(region).toString('base64')}?=` }
        : { 'mcp-param-region': 'lie' };
    const answer = await caller[down]('tools/call', { name: 'header_param', arguments: { region } }, { headers });
    expect(JSON.parse(jsonOf(answer).result.content[0].text)).toEqual({
      region,
      header: `=?base64?${Buffer.from(region).toString('base64')}?=`,
    });
  });
});

describe('an upstream session', () => {
  it('serves one caller in both eras, and no other', async () => {
    const mine = await serve('sessions', 'legacy');
    const other = await running.gateway.app
      .get(TokenIssuer)
      .sign('other@example.com', randomUUID(), { teams: [] }, 3600);
    const theirs = new RawCaller(mine.endpoint, other);
    callers.push(theirs);
    const session = (await whoami(mine, 'modern'))['mcp-session-id'];
    expect(session).toBeDefined();
    expect((await whoami(mine, 'legacy'))['mcp-session-id']).toBe(session);
    const foreign = (await whoami(theirs, 'modern'))['mcp-session-id'];
    expect(foreign).toBeDefined();
    expect(foreign).not.toBe(session);
  });
});
