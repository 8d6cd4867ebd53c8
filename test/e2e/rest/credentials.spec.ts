import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { User } from '../../../src/auth/accounts/user.entity.js';
import { type Route, routesOf } from '../../../src/http/routes.js';
import { usageOf } from '../mcp/usage-of.js';
import { addUser, disableUser } from '../../fixtures/people.js';
import { ADMIN, RunningGateway } from '../../fixtures/running-gateway.js';
import { seconds, SHARED_SECRET, signedToken } from '../../fixtures/signed-token.js';

const PASSWORD = randomBytes(32).toString('base64url');
const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
const APP = 'http://localhost:4444';
const UNKNOWN = signedToken({}, { secret: randomBytes(32).toString('base64url') });

type Headers = Readonly<Record<string, string>>;

interface Answer {
  readonly status: number;
  readonly challenge: string | null;
  readonly detail: string;
}

/** One door of each kind. */
const DOORS = {
  rest: ['GET', '/tools'],
  write: ['POST', '/tokens'],
  own: ['GET', '/auth/email/me'],
  administration: ['GET', '/version'],
  docs: ['GET', '/docs'],
  description: ['GET', '/openapi.json'],
  mcp: ['POST', '/mcp'],
  rpc: ['POST', '/rpc'],
  server: ['POST', '/servers/SERVER/mcp'],
} as const;
type Door = keyof typeof DOORS;
const MCP: readonly Door[] = ['mcp', 'rpc', 'server'];
const EVERY = Object.keys(DOORS) as Door[];
const REST = EVERY.filter((door) => !MCP.includes(door));

/** Over a socket of our own: `fetch` would not let a test say `Sec-Fetch-Site` or where it comes from. */
function ask(url: string, method: string, headers: Headers, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(url, { method, headers: { ...headers, connection: 'close' } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        // A stream stays open; its head says enough.
        if (response.headers['content-type'] === 'text/event-stream') response.destroy();
      });
      response.on('error', () => undefined);
      response.once('close', () => {
        const text = Buffer.concat(chunks).toString();
        const challenge = response.headers['www-authenticate'] ?? null;
        resolve({ status: response.statusCode ?? 0, challenge, detail: /"detail":"([^"]*)/.exec(text)?.[1] ?? '' });
      });
    });
    outgoing.once('error', reject).end(body);
  });
}

class House {
  private constructor(
    readonly running: RunningGateway,
    readonly ann: User,
    readonly gone: User,
    private readonly serverId: string,
  ) {}

  static async open(variables: Headers): Promise<House> {
    const running = await RunningGateway.start({ JWT_SECRET_KEY: SHARED_SECRET, APP_DOMAIN: APP, ...variables });
    const [ann, gone] = [await addUser(running, 'ann@example.com'), await addUser(running, 'gone@example.com')];
    await disableUser(running, gone);
    const { body } = await running.rest('POST', '/servers', { server: { name: 'a door' } });
    return new House(running, ann, gone, body.id as string);
  }

  at(door: Door, headers: Headers = {}): Promise<Answer> {
    const [method, path] = DOORS[door];
    return this.call(method, path.replace('SERVER', this.serverId), headers);
  }

  call(method: string, path: string, headers: Headers): Promise<Answer> {
    const mcp = /^\/(mcp|rpc|servers\/[^/]+\/mcp)$/.test(path);
    const types = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    const body = mcp ? JSON.stringify(LIST) : undefined;
    return ask(this.running.url + path, method, { ...(mcp && types), ...headers }, body);
  }

  async statuses(doors: readonly Door[], headers: Headers = {}): Promise<Record<string, number>> {
    const answers = await Promise.all(
      doors.map(async (door) => [door, (await this.at(door, headers)).status] as const),
    );
    return Object.fromEntries(answers);
  }
}

const all = (doors: readonly Door[], status: number): Record<string, number> =>
  Object.fromEntries(doors.map((door) => [door, status]));
const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });
const basic = (user: string, password: string): Headers => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});
const cookie = (token: string): Headers => ({ cookie: `jwt_token=${token}`, accept: 'text/html' });
const session = (claims: object = {}): string => signedToken({ token_use: 'session', ...claims });

describe('who is calling, by default', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open({});
  });
  afterAll(() => house.running.stop());

  it('is known by a valid token at every door', async () => {
    const open = { ...all(EVERY, 200), write: 422 };
    expect(await house.statuses(EVERY, bearer(session()))).toEqual(open);
    expect(await house.statuses(EVERY, bearer(signedToken({ teams: null })))).toMatchObject(all(MCP, 200));
  });

  const bad: readonly (readonly [string, () => Headers, string, string])[] = [
    ['nothing', () => ({}), 'Bearer', 'Authorization token required'],
    ['garbage', () => bearer('garbage'), 'Bearer error="invalid_token"', 'Invalid authentication credentials'],
    [
      'a token of another signer',
      () => bearer(UNKNOWN),
      'Bearer error="invalid_token"',
      'Invalid authentication credentials',
    ],
    [
      'an expired token',
      () => bearer(session({ exp: seconds(-1) })),
      'Bearer error="invalid_token"',
      'Token has expired',
    ],
    [
      'a token of somebody disabled',
      () => bearer(session({ sub: house.gone.id })),
      'Bearer error="invalid_token"',
      'Account disabled',
    ],
    [
      'a token of nobody',
      () => bearer(session({ sub: 'nobody@example.com' })),
      'Bearer error="invalid_token"',
      'User not found in database',
    ],
    [
      'the header of a proxy',
      () => ({ 'x-authenticated-user': ADMIN.email }),
      'Bearer',
      'Authorization token required',
    ],
    [
      'Proxy-Authorization',
      () => ({ 'proxy-authorization': `Bearer ${session()}` }),
      'Bearer',
      'Authorization token required',
    ],
    [
      'garbage beside a good cookie',
      () => ({ ...cookie(session()), ...bearer('garbage') }),
      'Bearer error="invalid_token"',
      'Invalid authentication credentials',
    ],
    [
      'a cookie outside of a browser',
      () => ({ ...cookie(session()), accept: 'application/json, text/event-stream' }),
      'Bearer',
      'Cookie authentication not allowed for API requests. Use Authorization header.',
    ],
  ];

  it.each(bad)('is 401 everywhere with %s', async (_, headers, challenge, detail) => {
    for (const door of EVERY)
      expect({ door, ...(await house.at(door, headers())) }).toEqual({ door, status: 401, challenge, detail });
  });

  it('is 401 with HTTP Basic, which is off', async () => {
    for (const door of EVERY) {
      const answer = await house.at(door, basic('admin', PASSWORD));
      expect(answer).toMatchObject({ status: 401, challenge: 'Bearer' });
      expect(answer.detail).toMatch(/^Basic authentication is disabled for (API endpoints|the documentation)/);
    }
  });

  it('is known by the cookie of a browser, but never to MCP', async () => {
    expect(await house.statuses(REST, cookie(session()))).toMatchObject({ rest: 200, own: 200, docs: 200 });
    expect(await house.statuses(MCP, cookie(session()))).toEqual(all(MCP, 401));
    const script = { cookie: `jwt_token=${session()}`, 'sec-fetch-site': 'same-origin' };
    expect((await house.at('rest', { ...script, referer: `${APP}/docs` })).status).toBe(200);
    expect((await house.at('rest', { ...script, referer: 'https://evil.example.com/' })).status).toBe(401);
    for (const token of [UNKNOWN, session({ exp: seconds(-1) }), session({ sub: house.gone.id }), ''])
      expect(await house.statuses(REST, cookie(token))).toEqual(all(REST, 401));
  });

  it('is by the header and not by the cookie, when there are both', async () => {
    const both = { ...cookie(session()), ...bearer(session({ sub: house.ann.id })) };
    expect((await house.at('administration', both)).status).toBe(403);
    expect((await house.at('administration', cookie(session()))).status).toBe(200);
  });

  it('is 403 with a token of a team that was left', async () => {
    const token = bearer(signedToken({ sub: house.ann.id, teams: ['somebody-elses'] }));
    for (const door of EVERY)
      expect(await house.at(door, token)).toMatchObject({
        status: 403,
        detail: 'Token is invalid: User is no longer a member of the associated team',
      });
  });
});

describe('who is calling, with HTTP Basic', () => {
  const right = basic('admin', PASSWORD);
  const wrong = [
    basic('admin', 'wrong'),
    basic('root', PASSWORD),
    basic(ADMIN.email, ADMIN.password),
    { authorization: 'Basic x' },
  ];

  it.each<[string, readonly Door[], readonly Door[]]>([
    ['API_ALLOW_BASIC_AUTH', ['rest', 'own', 'administration'], ['docs', 'description', ...MCP]],
    ['DOCS_ALLOW_BASIC_AUTH', ['docs', 'description'], ['rest', 'own', 'administration', ...MCP]],
  ])('is known where %s says', async (name, open, closed) => {
    const house = await House.open({ [name]: 'true', BASIC_AUTH_PASSWORD: PASSWORD });
    try {
      expect(await house.statuses(open, right)).toEqual(all(open, 200));
      expect(await house.statuses(closed, right)).toEqual(all(closed, 401));
      for (const headers of wrong)
        for (const door of open)
          expect(await house.at(door, { ...headers, cookie: `jwt_token=${session()}`, accept: 'text/html' })).toEqual({
            status: 401,
            challenge: 'Basic realm="Portcullis", charset="UTF-8"',
            detail: 'Invalid credentials',
          });
    } finally {
      await house.running.stop();
    }
  });

  it('asks a browser for it at the documentation', async () => {
    const house = await House.open({ DOCS_ALLOW_BASIC_AUTH: 'true', BASIC_AUTH_PASSWORD: PASSWORD });
    const [docs, rest] = [await house.at('docs'), await house.at('rest')];
    await house.running.stop();
    expect(docs).toMatchObject({
      challenge: 'Basic realm="Portcullis", charset="UTF-8"',
      detail: 'Authentication required',
    });
    expect(rest).toMatchObject({ challenge: 'Bearer' });
  });

  it('is no session: it mints no tokens, and is the account of the administrator', async () => {
    const house = await House.open({ API_ALLOW_BASIC_AUTH: 'true', BASIC_AUTH_PASSWORD: PASSWORD });
    const { url } = house.running;
    const headers = { ...right, 'content-type': 'application/json' };
    const minted = await ask(`${url}/tokens`, 'POST', headers, '{"name":"x","expires_in_days":1}');
    const me = (await (await fetch(`${url}/auth/email/me`, { headers })).json()) as { email: string };
    await house.running.stop();
    expect(minted.status).toBe(403);
    expect(me.email).toBe(ADMIN.email);
  });
});

describe('who is calling, behind a proxy that knows', () => {
  const PROXY = { MCP_CLIENT_AUTH_ENABLED: 'false', TRUST_PROXY_AUTH: 'true' };
  const named = (email: string): Headers => ({ 'x-authenticated-user': email });
  const readable = EVERY.filter((door) => door !== 'write' && door !== 'administration');

  describe('at an address that is trusted', () => {
    let house: House;
    beforeAll(async () => {
      house = await House.open({ ...PROXY, TRUSTED_PROXIES: '127.0.0.0/8' });
    });
    afterAll(() => house.running.stop());

    it('is whom it names, with the rights of our own database', async () => {
      expect(await house.statuses(readable, named('Ann@example.com'))).toEqual(all(readable, 200));
      expect((await house.at('administration', named(house.ann.email))).status).toBe(403);
      expect((await house.at('administration', named(ADMIN.email))).status).toBe(200);
      expect((await house.call('POST', '/tokens', named(ADMIN.email))).status).not.toBe(201);
    });

    it.each([
      ['nobody', {}, 'Proxy authentication header required'],
      ['an empty name', named(''), 'Proxy authentication header required'],
      ['somebody unknown', named('nobody@example.com'), 'User not found in database'],
      ['somebody disabled', named('gone@example.com'), 'Account disabled'],
      ['two people', named(`${ADMIN.email}, ann@example.com`), 'User not found in database'],
      [
        'somebody beside a bad token',
        { ...named(ADMIN.email), ...bearer(UNKNOWN) },
        'Invalid authentication credentials',
      ],
    ])('is 401 when it names %s', async (_, headers, detail) => {
      for (const door of EVERY) expect(await house.at(door, headers)).toMatchObject({ status: 401, detail });
    });

    it('is the holder of a token, when there is one', async () => {
      const both = { ...named(ADMIN.email), ...bearer(session({ sub: house.ann.id })) };
      expect((await house.at('administration', both)).status).toBe(403);
    });

    it('is refused at once when the account is disabled', async () => {
      const leaver = await addUser(house.running, 'leaver@example.com');
      expect((await house.at('rest', named(leaver.email))).status).toBe(200);
      await disableUser(house.running, leaver);
      expect((await house.at('rest', named(leaver.email))).status).toBe(401);
    });

    it('comes from the address that the proxy tells', async () => {
      const token = await house.running.mint('at home', { ip_restrictions: ['203.0.113.0/24'] });
      const from = async (forwarded: string) =>
        (await house.at('mcp', { ...bearer(token), 'x-forwarded-for': forwarded })).status;
      expect([await from('203.0.113.9'), await from('203.0.113.9, 198.51.100.1')]).toEqual([200, 403]);
    });
  });

  it('is nobody when the address is not trusted', async () => {
    const house = await House.open({ ...PROXY, TRUSTED_PROXIES: '10.0.0.0/8' });
    const token = await house.running.mint('at home', { ip_restrictions: ['203.0.113.0/24'] });
    const forwarded = { 'x-forwarded-for': '203.0.113.9, 10.0.0.1' };
    const answers = [
      await house.at('mcp', { ...named(ADMIN.email), ...forwarded }),
      await house.at('rest', named(ADMIN.email)),
    ];
    const spoofed = await house.at('mcp', { ...bearer(token), ...forwarded });
    await house.running.stop();
    for (const answer of answers) expect(answer).toMatchObject({ status: 401, detail: 'Authorization token required' });
    expect(spoofed.status).toBe(403);
  });

  it.each([
    ['no address is trusted', { ...PROXY }],
    ['only the number of proxies is known', { ...PROXY, TRUSTED_PROXIES: '1' }],
    ['clients bring tokens', { TRUST_PROXY_AUTH: 'true', TRUSTED_PROXIES: '10.0.0.1' }],
    ['nobody authenticates', { MCP_CLIENT_AUTH_ENABLED: 'false' }],
  ])('stops the start when %s', async (_, variables) => {
    await expect(RunningGateway.start(variables)).rejects.toThrow(/TRUST_PROXY_AUTH/);
  });
});

describe('who is calling, where nobody may call', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open({ MCP_REQUIRE_AUTH: 'false', AUTH_REQUIRED: 'false' });
  });
  afterAll(() => house.running.stop());

  const routes = (): Route[] => routesOf(house.running.gateway.app).filter(({ policy }) => policy?.kind !== 'public');
  const reached = async (headers: Headers): Promise<string[]> => {
    const answers = routes().map(async ({ method, path }) => {
      const verb = method === 'ALL' ? 'POST' : method;
      const { status } = await house.call(verb, path.replaceAll(/:\w+/g, 'x'), headers);
      return status === 401 ? [] : [`${method} ${path}`];
    });
    return (await Promise.all(answers)).flat();
  };

  it('opens these doors and no others', async () => {
    expect(await reached({})).toEqual(
      [
        'ALL /mcp',
        'GET /prompts',
        'GET /prompts/:promptId',
        'GET /prompts/:promptId/info',
        'GET /resources',
        'GET /resources/:resourceId',
        'GET /resources/:resourceId/info',
        'GET /resources/templates/list',
        'ALL /rpc',
        'POST /message',
        'GET /servers/:serverId/prompts',
        'GET /servers/:serverId/sse',
        'POST /servers/:serverId/message',
        'GET /sse',
        'GET /servers/:serverId/resources',
        'GET /servers/:serverId/tools',
        'ALL /servers/:serverId/mcp',
        'GET /tools',
        'GET /tools/:toolId',
        // Of which a stranger sees none.
        'GET /tools/plugin_bindings',
        'GET /tools/plugin_bindings/:teamId',
      ].sort(byPath),
    );
  });

  it.each([
    ['a random token', bearer(randomBytes(32).toString('base64url'))],
    ['a token of another signer', bearer(UNKNOWN)],
    ['an expired token', bearer(signedToken({ exp: seconds(-1) }))],
    ['an empty token', { authorization: 'Bearer ' }],
    ['an empty header', { authorization: '' }],
    ['HTTP Basic', basic('admin', PASSWORD)],
    ['a cookie', { cookie: 'jwt_token=a.b.c' }],
    ['a cookie of a browser', cookie(UNKNOWN)],
    ['an empty cookie', cookie('')],
  ])('is 401 at every one of them with %s', async (_, headers) => {
    expect(await reached(headers)).toEqual([]);
  });

  it('shows what is public and leaves a row', async () => {
    expect((await house.at('mcp', { 'x-correlation-id': 'a-stranger' })).status).toBe(200);
    expect(await usageOf(house.running, 'a-stranger')).toMatchObject({
      user_email: 'anonymous',
      token_jti: null,
      mcp_method: 'tools/list',
    });
  });
});

const byPath = (a: string, b: string): number => {
  const key = (line: string) => line.split(' ').reverse().join('');
  return key(a) < key(b) ? -1 : 1;
};

describe('strangers who are let in', () => {
  it('fill the usage log only so far', async () => {
    const house = await House.open({ MCP_REQUIRE_AUTH: 'false', TOKEN_USAGE_ANONYMOUS_PER_MINUTE: '2' });
    for (let call = 0; call < 5; call += 1) expect((await house.at('mcp')).status).toBe(200);
    // Once the row of a later call is there, those of the earlier ones are too, if they ever will be.
    await house.at('mcp', { ...bearer(session()), 'x-correlation-id': 'the-last' });
    await usageOf(house.running, 'the-last');
    const { body } = await house.running.rest<{ user_email: string }[]>('GET', '/usage?limit=500');
    await house.running.stop();
    expect(body.filter(({ user_email: who }) => who === 'anonymous')).toHaveLength(2);
  });

  it('reach MCP and not REST with the one switch, and the other way round', async () => {
    const mcp = await House.open({ MCP_REQUIRE_AUTH: 'false' });
    expect(await mcp.statuses(['mcp', 'rest', 'administration'])).toEqual({ mcp: 200, rest: 401, administration: 401 });
    await mcp.running.stop();
    const rest = await House.open({ AUTH_REQUIRED: 'false' });
    expect(await rest.statuses(['mcp', 'rest', 'own', 'docs'])).toEqual({ mcp: 401, rest: 200, own: 401, docs: 401 });
    await rest.running.stop();
  });
});
