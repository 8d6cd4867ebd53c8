import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routesOf } from '../../../src/http/routes.js';
import { callMcp } from '../../fixtures/call-mcp.js';
import { rawExchange } from '../../fixtures/raw-connection.js';
import { ADMIN, RunningGateway } from '../../fixtures/running-gateway.js';

const OWN = 'http://gate.example.com';
const NOBODY = 'f'.repeat(32);

describe('the paths under /v1', () => {
  let running: RunningGateway;
  let serverId: string;
  let tokens: Record<string, string | null>;

  beforeAll(async () => {
    running = await RunningGateway.start({ APP_DOMAIN: OWN, RATE_LIMIT_CRITICAL_PER_MINUTE: '5' });
    const ids = ['first', 'second'].map(async (name) => {
      const { body } = await running.rest('POST', '/servers', { server: { name } });
      return body.id as string;
    });
    const [first = '', second = ''] = await Promise.all(ids);
    serverId = first;
    tokens = {
      nobody: null,
      garbage: 'not a token',
      'of the administrator': await running.mint('whole'),
      'for tools.read alone': await running.mint('narrow', { permissions: ['tools.read'] }),
      'for one server': await running.mint('server', { server_id: serverId }),
      'for another server': await running.mint('other', { server_id: second }),
    };
  });
  afterAll(() => running.stop());

  it.each([
    'nobody',
    'garbage',
    'of the administrator',
    'for tools.read alone',
    'for one server',
    'for another server',
  ])('let in and refuse like those without it: token %s', async (whose) => {
    const told = async (path: string, method: string): Promise<unknown> => {
      const response = await fetch(running.url + path, {
        method,
        headers: tokens[whose] ? { Authorization: `Bearer ${tokens[whose]}` } : {},
      });
      const { code, detail } = response.ok ? {} : (JSON.parse(await response.text()) as Record<string, unknown>);
      // A stream would stay open.
      if (response.ok) await response.body?.cancel();
      return [response.status, code, detail, response.headers.get('www-authenticate'), response.headers.get('allow')];
    };
    const statuses = new Set<unknown>();
    // What can be asked twice, and what refuses before it does anything.
    const routes = routesOf(running.gateway.app).filter(({ method }) => method === 'GET' || tokens[whose] === null);
    for (const { method, path } of routes.filter(({ policy: asks }) => asks?.kind !== 'public')) {
      const concrete = path.replace(':serverId', serverId).replaceAll(/:\w+/g, NOBODY);
      const verb = method === 'ALL' ? 'POST' : method;
      const [plain, alias, slash] = [concrete, `/v1${concrete}`, `${concrete}/`].map((at) => told(at, verb));
      const expected = await plain;
      statuses.add((expected as number[])[0]);
      expect([verb, concrete, await alias]).toEqual([verb, concrete, expected]);
      expect([verb, concrete, await slash]).toEqual([verb, concrete, expected]);
    }
    if (tokens[whose] === null || whose === 'garbage') expect(statuses).toEqual(new Set([401]));
    else expect(statuses).toContain(whose === 'for another server' ? 403 : 200);
  });

  it.each(['/mcp', '/rpc', '/servers/SERVER/mcp', '/mcp/', '/servers/SERVER/mcp?x=1'])(
    'are doors for MCP, closed as the others are: %s',
    async (door) => {
      const url = `${running.url}/v1${door.replace('SERVER', serverId)}`;
      const status = async (token: string | null | undefined) =>
        (await callMcp(url, token ?? null, 'tools/list')).status;
      expect(await status(null)).toBe(401);
      expect(await status('not a token')).toBe(401);
      expect(await status(tokens['of the administrator'])).toBe(200);
      expect(await status(tokens['for one server'])).toBe(door.startsWith('/servers') ? 200 : 403);
      expect(await status(tokens['for another server'])).toBe(403);
      const foreign = await fetch(url, { method: 'POST', headers: { Origin: 'http://evil.example.com' } });
      expect(foreign.status).toBe(403);
    },
  );

  it('open what is public, and nothing more', async () => {
    const { body } = await running.rest('GET', '/health', undefined, null);
    expect((await running.rest('GET', '/v1/health', undefined, null)).body).toEqual(body);
    const { status, body: probe } = await running.rest('GET', '/v1/ready/', undefined, null);
    expect([status, typeof probe]).toEqual([200, 'object']);
  });

  it.each([
    '/v1/v1/tools',
    '/v1/v1/health',
    '/V1/tools',
    '/V1/health',
    '/%761/tools',
    '/v%31/health',
    '/%2fv1/tools',
    '/v1%2ftools',
    '//v1/tools',
    '/v1//tools',
    '/./v1/tools',
    '/v1/./tools',
    '/v1/../tools',
    '/v10/tools',
    '/v2/tools',
    '/v1;a/tools',
    '/v1tools',
    '/v1',
    '/v1/',
    '/v1?a=/tools',
    '/v1/v1/mcp',
    '/V1/mcp',
    '/v1/MCP',
  ])('have one spelling: %s is not found', async (path) => {
    const method = path.toLowerCase().endsWith('/mcp') ? 'POST' : 'GET';
    const lines = [`${method} ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close', 'Content-Length: 0'];
    const answer = await rawExchange(running.url, [...lines, `Authorization: Bearer ${running.session}`], '');
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  });

  it('are written down by the path without it', async () => {
    const { body } = await running.rest('GET', '/v1/usage?limit=500');
    const endpoints = (body as { endpoint: string }[]).map(({ endpoint }) => endpoint);
    expect(endpoints).toContain('/tools');
    expect(endpoints.filter((endpoint) => endpoint.startsWith('/v1') && !endpoint.startsWith('/v1/v1'))).toEqual([]);
  });

  it('set the same cookies, and ask for the same proof that no foreign page wrote', async () => {
    const signedIn = await fetch(`${running.url}/v1/auth/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ ...ADMIN, cookie: true }),
    });
    const cookies = signedIn.headers.getSetCookie();
    expect(cookies.every((cookie) => cookie.includes('; Path=/;'))).toBe(true);
    const cookie = cookies.map((text) => text.split(';')[0]).join('; ');
    const csrf = /mcpgateway_csrf_token=([0-9a-f]+)/.exec(cookie)?.[1] ?? '';
    const post = async (path: string, more: Record<string, string>): Promise<number> => {
      const headers = { Cookie: cookie, Origin: OWN, 'Content-Type': 'application/json', Accept: 'text/html', ...more };
      return (await fetch(running.url + path, { method: 'POST', headers, body: '{}' })).status;
    };
    expect([await post('/v1/servers', {}), await post('/servers', {})]).toEqual([403, 403]);
    expect([
      await post('/v1/servers', { 'X-CSRF-Token': csrf }),
      await post('/servers', { 'X-CSRF-Token': csrf }),
    ]).toEqual([422, 422]);
  });

  it('take from the same budget', async () => {
    const wrong = { email: ADMIN.email, password: 'not the password' };
    const statuses: number[] = [];
    for (const path of ['/auth/login', '/v1/auth/login', '/auth/login', '/v1/auth/login'])
      statuses.push((await running.rest('POST', path, wrong, null)).status);
    // The fixture and the cookie have signed in before.
    expect(statuses).toEqual([401, 401, 401, 429]);
  });
});
