import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { built, GatewayProcess } from '../../fixtures/gateway-process.js';
import { SHARED_SECRET, signedToken } from '../../fixtures/signed-token.js';
import { startLegacyUpstream } from '../../fixtures/upstreams/legacy-upstream.js';
import { startDualEraUpstream } from '../../fixtures/upstreams/dual-era-upstream.js';
import { startScriptedUpstream } from '../../fixtures/upstreams/scripted-upstream.js';
import type { TestUpstream } from '../../fixtures/upstreams/test-upstream.js';
import { callMcp } from '../../fixtures/call-mcp.js';

const canary = (name: string): string => `canary-${name}-${randomBytes(12).toString('hex')}`;
const PASSWORD = canary('password');
const TOKEN = canary('token');
const HEADER = canary('header');
const OTHER_HEADER = canary('other');
const ADMIN_PASSWORD = canary('admin');
const ENCRYPTION = randomBytes(32).toString('base64url');
/** What no answer, log line or file may hold; a Basic credential goes out as base64. */
const SECRETS = [
  PASSWORD,
  TOKEN,
  HEADER,
  OTHER_HEADER,
  ADMIN_PASSWORD,
  ENCRYPTION,
  SHARED_SECRET,
  Buffer.from(`user:${PASSWORD}`).toString('base64'),
];

describe('the secrets of upstreams', () => {
  let folder: string;
  let gateway: GatewayProcess;
  let url: string;
  let upstream: TestUpstream;
  let elsewhere: TestUpstream;
  /** Everything that was ever answered. */
  let answered = '';
  const session = signedToken({ token_use: 'session' });

  beforeAll(async () => {
    await built();
    upstream = await startDualEraUpstream();
    elsewhere = await startLegacyUpstream({ sessions: true });
    folder = mkdtempSync(join(tmpdir(), 'portcullis-secrets-'));
    gateway = GatewayProcess.spawn(folder, {
      // Many gateways share one upstream here.
      GATEWAY_UNIQUE_URLS: 'false',
      JWT_SECRET_KEY: SHARED_SECRET,
      AUTH_ENCRYPTION_SECRET: ENCRYPTION,
      PLATFORM_ADMIN_PASSWORD: ADMIN_PASSWORD,
      SSRF_ALLOW_LOCALHOST: 'true',
      LOG_LEVEL: 'debug',
      HEALTH_CHECK_INTERVAL: '1',
      UNHEALTHY_THRESHOLD: '1',
    });
    url = await gateway.url();
  });
  afterAll(async () => {
    await gateway.stop();
    await upstream.close();
    await elsewhere.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function rest(method: string, path: string, body?: unknown, token = session) {
    const response = await fetch(url + path, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    answered += [...response.headers].flat().join('\n') + text;
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  // Each has an address of its own, since the gate goes on listening to all of them.
  const register = (name: string, more: object = {}) =>
    rest('POST', '/gateways', { name, url: `${upstream.url}?of=${encodeURIComponent(name)}`, ...more });
  const credentials = {
    basic: { auth_type: 'basic', auth_username: 'user', auth_password: PASSWORD },
    bearer: { auth_type: 'bearer', auth_token: TOKEN },
    authheaders: {
      auth_type: 'authheaders',
      auth_headers: [
        { key: 'X-Api-Key', value: HEADER },
        { key: 'X-Other', value: OTHER_HEADER },
      ],
    },
    single: { auth_type: 'authheaders', auth_header_key: 'X-Api-Key', auth_header_value: HEADER },
  } as const;
  const lastHeaders = (name: string) =>
    upstream.calls.requests.findLast(({ url }) => url.endsWith(`of=${encodeURIComponent(name)}`))?.headers ?? {};
  /** What was under way when the credential changed may come after it. */
  const soon = (holds: () => void) => vi.waitFor(holds, { timeout: 10_000 });

  it.each([
    ['basic', { authorization: `Basic ${Buffer.from(`user:${PASSWORD}`).toString('base64')}` }],
    ['bearer', { authorization: `Bearer ${TOKEN}` }],
    ['authheaders', { 'x-api-key': HEADER, 'x-other': OTHER_HEADER }],
    ['single', { 'x-api-key': HEADER }],
  ] as const)('reach the upstream and nobody else: %s', async (kind, expected) => {
    expect((await register(kind, credentials[kind])).status).toBe(200);
    expect(lastHeaders(kind)).toMatchObject(expected);
    const { body } = await callMcp(`${url}/mcp`, session, 'tools/call', { name: `${kind}-whoami`, arguments: {} });
    answered += JSON.stringify({ ...body, result: null });
    expect(JSON.parse(body.result.content[0].text)).toMatchObject(expected);
  });

  it('are the only credentials that reach it: nothing of the client’s goes along', async () => {
    expect((await register('plain')).status).toBe(200);
    const response = await fetch(`${url}/mcp`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${session}`,
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        'MCP-Protocol-Version': '2025-11-25',
        Cookie: 'secret=cookie',
        'X-Forwarded-User': 'root',
        'X-Upstream-Authorization': 'Bearer smuggled',
        'Proxy-Authorization': 'Basic smuggled',
        'X-Api-Key': 'client',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'plain-whoami', arguments: {} },
      }),
    });
    const seen = JSON.parse(JSON.parse(await response.text()).result.content[0].text);
    for (const name of [
      'authorization',
      'cookie',
      'x-forwarded-user',
      'x-upstream-authorization',
      'proxy-authorization',
      'x-api-key',
    ])
      expect(seen).not.toHaveProperty(name);
  });

  describe('when a gateway is changed', () => {
    const change = (id: string, body: object) => rest('PUT', `/gateways/${id}`, body);

    it('stay where the mask is sent back', async () => {
      const { body } = await register('masked', credentials.basic);
      const shown = await rest('GET', `/gateways/${body.id}`);
      const { name, authType, authUsername, authPassword } = shown.body;
      expect((await change(body.id, { name, authType, authUsername, authPassword, description: 'new' })).status).toBe(
        200,
      );
      expect((await rest('POST', `/gateways/${body.id}/refresh`)).status).toBe(200);
      expect(lastHeaders('masked').authorization).toBe(`Basic ${Buffer.from(`user:${PASSWORD}`).toString('base64')}`);
      expect((await change(body.id, { authUsername: 'other', authPassword: '*****' })).status).toBe(200);
      const changed = `Basic ${Buffer.from(`other:${PASSWORD}`).toString('base64')}`;
      await soon(() => expect(lastHeaders('masked').authorization).toBe(changed));
    });

    it('stay for the headers that are masked, and go with those that are left out', async () => {
      const { body } = await register('masked headers', credentials.authheaders);
      const authHeaders = [
        { key: 'x-api-key', value: '*****' },
        { key: 'X-New', value: 'new' },
      ];
      expect((await change(body.id, { authHeaders })).body.authHeaders).toEqual([
        { key: 'x-api-key', value: '*****' },
        { key: 'X-New', value: '*****' },
      ]);
      await soon(() => expect(lastHeaders('masked headers')).toMatchObject({ 'x-api-key': HEADER, 'x-new': 'new' }));
      expect(lastHeaders('masked headers')).not.toHaveProperty('x-other');
      expect((await change(body.id, { authHeaders: [{ key: 'X-Unknown', value: '*****' }] })).status).toBe(422);
    });

    it('never go to another address than they were given for', async () => {
      const { body } = await register('moving', credentials.bearer);
      for (const auth of [{}, { authToken: '*****' }, { authType: 'bearer', authToken: '*****' }])
        expect((await change(body.id, { url: elsewhere.url, ...auth })).status).toBe(422);
      expect(elsewhere.calls.requests).toEqual([]);
      expect((await change(body.id, { url: elsewhere.url, authToken: 'fresh' })).status).toBe(200);
      expect(elsewhere.calls.requests.map(({ headers }) => headers.authorization)).not.toContain(`Bearer ${TOKEN}`);
    });

    it('are forgotten with their kind', async () => {
      const { body } = await register('forgetful', credentials.bearer);
      expect((await change(body.id, { authType: 'none' })).body).toMatchObject({ authType: 'none', authToken: null });
      await soon(() => expect(lastHeaders('forgetful')).not.toHaveProperty('authorization'));
      expect((await change(body.id, { authType: 'bearer' })).status).toBe(422);
      expect((await change(body.id, { authType: 'bearer', authToken: '*****' })).status).toBe(422);
    });
  });

  it('are not told by what goes wrong', async () => {
    const echo = await startScriptedUpstream({
      'server/discover': ({ headers }) => ({ error: { code: -32000, message: `no: ${JSON.stringify(headers)}` } }),
      initialize: ({ headers }) => ({
        status: 401,
        headers: { 'www-authenticate': String(headers.authorization) },
        text: JSON.stringify(headers),
      }),
    });
    const wrong: readonly [number, object][] = [
      [502, { url: 'http://127.0.0.1:9/mcp' }],
      [502, { url: echo.url }],
      [502, { url: echo.url, era: 'legacy' }],
      [422, { url: 'http://169.254.169.254/' }],
      [422, { url: `http://user:${PASSWORD}@127.0.0.1/` }],
      [422, { name: '<b>' }],
      [409, { name: 'basic' }],
      [422, { auth_token: `${TOKEN}\n` }],
      [422, { auth_password: PASSWORD }],
      [422, { unknown: TOKEN }],
    ];
    for (const [status, body] of wrong)
      expect([body, (await register('wrong', { ...credentials.bearer, ...body })).status]).toEqual([body, status]);
    expect((await rest('POST', '/gateways', `{"auth_token":"${TOKEN}",`)).status).toBe(400);
    expect(
      (await rest('POST', '/auth/login', { email: 'admin@example.com', password: `${ADMIN_PASSWORD}x` })).status,
    ).toBe(401);
    expect((await rest('POST', '/auth/login', { email: 'admin@example.com', password: [ADMIN_PASSWORD] })).status).toBe(
      422,
    );
    await echo.close();
  });

  it('are in no answer, no log line and no file', async () => {
    const login = await rest('POST', '/auth/login', { email: 'admin@example.com', password: ADMIN_PASSWORD });
    expect(login.status).toBe(200);
    const lists = [
      '/gateways',
      '/servers',
      '/tools',
      '/resources',
      '/prompts',
      '/resources/templates/list',
      '/tokens',
      '/usage',
      '/version',
      '/auth/email/me',
    ];
    for (const path of lists) {
      const { body } = await rest('GET', path);
      const rows: { id: string }[] = Array.isArray(body) ? body : [];
      for (const { id } of rows.slice(0, 20)) {
        const noun = path.slice(1);
        const more = noun === 'gateways' ? [`/gateways/${id}/health`] : [];
        for (const one of [`/${noun}/${id}`, `/${noun}/${id}/info`, ...more]) await rest('GET', one);
      }
    }
    await rest('GET', '/gateways?include_inactive=true&limit=500');
    await callMcp(`${url}/mcp`, session, 'tools/list').then(({ body }) => (answered += JSON.stringify(body)));
    // An upstream that is gone is logged by the next round of health checks.
    await upstream.close();
    await expect.poll(() => gateway.output, { timeout: 10_000 }).toContain('an upstream is unreachable');
    await gateway.stop();
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.\w+/.test(name));
    expect(files.length).toBeGreaterThan(0);
    const places = {
      answers: answered,
      log: gateway.output + gateway.errors,
      ...Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name), 'latin1')])),
    };
    for (const [place, text] of Object.entries(places)) {
      for (const secret of SECRETS) expect([place, text.indexOf(secret)]).toEqual([place, -1]);
    }
  });
});
