import type { OutgoingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addUser } from '../../fixtures/people.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { seconds, SHARED_SECRET, signedToken } from '../../fixtures/signed-token.js';
import { startDualEraUpstream } from '../../fixtures/upstreams/dual-era-upstream.js';
import { startLegacyUpstream } from '../../fixtures/upstreams/legacy-upstream.js';
import type { TestUpstream } from '../../fixtures/upstreams/test-upstream.js';
import { jsonOf, RawCaller } from './raw-caller.js';
import { ERAS, type Era, PAIRS } from './raw-gate.js';

/** What must reach no upstream, whoever lists what. */
const CANARIES = {
  cookie: 'jwt_token=canary-cookie',
  'proxy-authorization': 'Basic canary-proxy',
  'x-forwarded-for': '203.0.113.9',
  'x-authenticated-user': 'canary-user',
  'x-unlisted': 'canary-unlisted',
};
const LISTED = ['X-Tenant-Id', 'X-Upstream-Authorization'];
const CONFIG = '/admin/config/passthrough-headers';

class House {
  private readonly callers: RawCaller[] = [];

  private constructor(
    readonly running: RunningGateway,
    readonly token: string,
    readonly upstreams: Record<Era, TestUpstream>,
  ) {}

  static async open(settings: Readonly<Record<string, string>>): Promise<House> {
    const running = await RunningGateway.start({ JWT_SECRET_KEY: SHARED_SECRET, ...settings });
    const upstreams = { modern: await startDualEraUpstream(), legacy: await startLegacyUpstream({ sessions: true }) };
    return new House(running, await running.mint('passing'), upstreams);
  }

  async serve(name: string, up: Era, more: object = {}): Promise<RawCaller> {
    const { id } = await this.running.register(name, this.upstreams[up].url, more);
    const server = await this.running.serve(id, { tool_naming: 'original' });
    return this.caller(`${this.running.url}/servers/${server.id}/mcp`, this.token);
  }

  caller(endpoint: string, token: string): RawCaller {
    const caller = new RawCaller(endpoint, token);
    this.callers.push(caller);
    return caller;
  }

  async close(): Promise<void> {
    for (const caller of this.callers) caller.close();
    await this.running.stop();
    for (const era of ERAS) await this.upstreams[era].close();
  }
}

async function whoami(caller: RawCaller, down: Era, headers: OutgoingHttpHeaders): Promise<Record<string, string>> {
  const call = { headers: { ...CANARIES, ...headers } };
  const answer = await caller[down]('tools/call', { name: 'whoami', arguments: {} }, call);
  return JSON.parse(jsonOf(answer).result.content[0].text);
}

describe('headers of callers, where passing them on is switched on', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open({ ENABLE_HEADER_PASSTHROUGH: 'true', DEFAULT_PASSTHROUGH_HEADERS: 'X-Default' });
  });
  afterAll(() => house.close());

  describe.each(PAIRS)('by a %s client to a %s upstream', (down, up) => {
    it('go on when the gateway lists them, and nothing else does', async () => {
      const caller = await house.serve(`lists ${down} ${up}`, up, { passthrough_headers: LISTED });
      const sent = { 'x-tenant-id': ' red ', 'x-default': 'no', 'x-upstream-authorization': 'Bearer theirs' };
      const seen = await whoami(caller, down, sent);
      expect(seen).toMatchObject({ 'x-tenant-id': 'red', authorization: 'Bearer theirs' });
      expect(Object.keys(seen)).not.toContain('x-default');
      expect(Object.keys(seen)).not.toContain('x-upstream-authorization');
      expect(JSON.stringify(seen)).not.toMatch(/canary|203\.0\.113/);
      expect(JSON.stringify(seen)).not.toContain(house.token);
      const bare = await whoami(caller, down, {});
      expect(Object.keys(bare)).not.toContain('authorization');
      expect(Object.keys(bare)).not.toContain('x-tenant-id');
    });

    it('stay here when they are sent twice, or belong to the connection', async () => {
      const caller = await house.serve(`twice ${down} ${up}`, up, { passthrough_headers: LISTED });
      for (const headers of [
        { 'x-tenant-id': ['red', 'blue'] },
        { 'x-tenant-id': 'red', connection: 'keep-alive, X-Tenant-Id' },
      ])
        expect(Object.keys(await whoami(caller, down, headers))).not.toContain('x-tenant-id');
    });

    it('never hold the token of the caller, even where it was put into a listed one', async () => {
      const caller = await house.serve(`own ${down} ${up}`, up, { passthrough_headers: LISTED });
      const own = { 'x-tenant-id': house.token, 'x-upstream-authorization': `Bearer ${house.token}` };
      expect(JSON.stringify(await whoami(caller, down, own))).not.toContain(house.token);
    });

    it('give way to the credential and the protocol', async () => {
      const caller = await house.serve(`keyed ${down} ${up}`, up, {
        auth_type: 'authheaders',
        auth_headers: [{ key: 'X-Tenant-Id', value: 'of-the-gateway' }],
        passthrough_headers: [...LISTED, 'Accept', 'X-Free'],
      });
      const sent = { 'x-tenant-id': 'red', 'x-upstream-authorization': 'Bearer theirs', 'x-free': 'yes' };
      const seen = await whoami(caller, down, sent);
      expect(seen).toMatchObject({ 'x-tenant-id': 'of-the-gateway', 'x-free': 'yes' });
      expect(seen['accept']).toBe('application/json, text/event-stream');
      expect(Object.keys(seen)).not.toContain('authorization');
    });
  });

  it('share an upstream session only with calls that bring the same', async () => {
    const caller = await house.serve('sessions', 'legacy', { passthrough_headers: ['X-Upstream-Authorization'] });
    const as = async (who: string) =>
      (await whoami(caller, 'legacy', { 'x-upstream-authorization': who }))['mcp-session-id'];
    const [ann, bob, annAgain] = [await as('Bearer ann'), await as('Bearer bob'), await as('Bearer ann')];
    expect([ann, bob]).toEqual([expect.any(String), expect.any(String)]);
    expect(bob).not.toBe(ann);
    expect(annAgain).toBe(ann);
    // The session was opened with them, too.
    const opened = house.upstreams.legacy.calls.of('initialize').map(({ headers }) => headers['authorization']);
    expect(opened).toEqual(expect.arrayContaining(['Bearer ann', 'Bearer bob']));
  });

  it('go by the settings, then by what an administrator set, and by an empty list nowhere', async () => {
    const inherits = await house.serve('inherits', 'modern');
    const silent = await house.serve('silent', 'modern', { passthrough_headers: [] });
    const sent = { 'x-default': 'd', 'x-global': 'g', 'x-upstream-authorization': 'Bearer theirs' };
    const passed = async (caller: RawCaller) =>
      Object.keys(await whoami(caller, 'modern', sent)).filter((name) => /^(x-|authorization)/.test(name));
    expect([await passed(inherits), await passed(silent)]).toEqual([['x-default'], []]);
    const { body: before } = await house.running.rest('GET', CONFIG);
    expect(before).toEqual({ passthrough_headers: ['X-Default'], enabled: true });
    const set = await house.running.rest('PUT', CONFIG, { passthrough_headers: ['X-Global', 'x-GLOBAL'] });
    expect([set.status, set.body]).toEqual([200, { passthrough_headers: ['X-Global'], enabled: true }]);
    expect([await passed(inherits), await passed(silent)]).toEqual([['x-global'], []]);
    await house.running.rest('PUT', CONFIG, { passthrough_headers: [] });
    expect([await passed(inherits), await passed(silent)]).toEqual([[], []]);
  });

  it('can be listed for all by administrators alone, whose credential is whole', async () => {
    const { id } = await addUser(house.running, 'ann@example.com');
    const credentials = [
      [signedToken({ sub: id, token_use: 'session' }), 403],
      [signedToken({ teams: [] }), 403],
      [signedToken({ exp: seconds(-1) }), 401],
      [null, 401],
    ] as const;
    for (const [credential, status] of credentials) {
      expect((await house.running.rest('GET', CONFIG, undefined, credential)).status).toBe(status);
      const change = { passthrough_headers: ['X-Evil'] };
      expect((await house.running.rest('PUT', CONFIG, change, credential)).status).toBe(status);
    }
    expect((await house.running.rest('GET', CONFIG)).body.passthrough_headers).not.toContain('X-Evil');
  });

  it.each([
    ['Authorization'],
    ['cookie'],
    ['Mcp-Session-Id'],
    ['X-Forwarded-For'],
    ['X-Authenticated-User'],
    ['Content-Length'],
    ['X Bad'],
    ['X-Evil\r\nHost: x'],
  ])('are refused in every list: %j', async (name) => {
    const put = await house.running.rest('PUT', CONFIG, { passthrough_headers: ['X-Fine', name] });
    expect([put.status, put.body.detail[0].loc]).toEqual([422, ['body', 'passthrough_headers']]);
    const body = { name: 'wrong', url: house.upstreams.modern.url, passthrough_headers: ['X-Fine', name] };
    const registered = await house.running.rest('POST', '/gateways', body);
    expect([registered.status, registered.body.detail[0].loc]).toEqual([422, ['body', 'passthroughHeaders']]);
  });

  it('are refused when there are too many, and X-Upstream-Authorization in the list for all', async () => {
    const many = Array.from({ length: 51 }, (_, index) => `X-H${index}`);
    for (const passthrough_headers of [many, ['X-Upstream-Authorization'], [7], {}, 'Cookie', undefined])
      expect((await house.running.rest('PUT', CONFIG, { passthrough_headers })).status).toBe(422);
  });

  it('are listed, changed and shown with their gateway', async () => {
    const gateway = await house.running.register('shown', house.upstreams.modern.url, {
      passthroughHeaders: 'X-A, x-a',
    });
    expect(gateway.passthroughHeaders).toEqual(['X-A']);
    const path = `/gateways/${gateway.id}`;
    const changed = await house.running.rest('PUT', path, { passthrough_headers: ['X-B'] });
    expect(changed.body).toMatchObject({ passthroughHeaders: ['X-B'], version: 2 });
    await house.running.rest('PUT', path, { description: 'another' });
    expect((await house.running.rest('GET', path)).body.passthroughHeaders).toEqual(['X-B']);
  });
});

describe('where base headers give way', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open({
      ENABLE_HEADER_PASSTHROUGH: 'true',
      ENABLE_OVERWRITE_BASE_HEADERS: 'true',
      PROXY_USER_HEADER: 'X-Who-Am-I',
    });
  });
  afterAll(() => house.close());

  it.each(PAIRS)('a %s client chooses what a %s upstream may answer, and never the credential', async (down, up) => {
    const caller = await house.serve(`yields ${down} ${up}`, up, {
      auth_type: 'authheaders',
      auth_headers: [{ key: 'X-Key', value: 'of-the-gateway' }],
      passthrough_headers: ['Accept', 'X-Key'],
    });
    const accept = 'text/event-stream, application/json;q=0.9';
    expect(await whoami(caller, down, { accept, 'x-key': 'of-the-caller' })).toMatchObject({
      accept,
      'x-key': 'of-the-gateway',
    });
  });

  it('the header that names callers here is refused as well', async () => {
    for (const name of ['X-Who-Am-I', 'x-who-am-i']) {
      expect((await house.running.rest('PUT', CONFIG, { passthrough_headers: [name] })).status).toBe(422);
      const body = { name: 'wrong', url: house.upstreams.modern.url, passthrough_headers: [name] };
      expect((await house.running.rest('POST', '/gateways', body)).status).toBe(422);
    }
  });
});

describe('where it is off, which is the default', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open({ DEFAULT_PASSTHROUGH_HEADERS: 'X-Default' });
  });
  afterAll(() => house.close());

  it.each(PAIRS)('the lists are kept and nothing goes from a %s client to a %s upstream', async (down, up) => {
    const set = await house.running.rest('PUT', CONFIG, { passthrough_headers: ['X-Global'] });
    expect(set.body).toEqual({ passthrough_headers: ['X-Global'], enabled: false });
    const name = `off ${down} ${up}`;
    const caller = await house.serve(name, up, { passthrough_headers: LISTED });
    const listed = (await house.running.rest('GET', '/gateways')).body.find(
      (row: { name: string }) => row.name === name,
    );
    expect(listed.passthroughHeaders).toEqual(LISTED);
    const sent = {
      'x-tenant-id': 'red',
      'x-upstream-authorization': 'Bearer theirs',
      'x-global': 'g',
      'x-default': 'd',
    };
    const seen = await whoami(caller, down, sent);
    expect(Object.keys(seen).filter((key) => /^(x-|authorization)/.test(key))).toEqual([]);
  });
});
