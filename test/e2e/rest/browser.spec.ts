import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callMcp } from '../../fixtures/call-mcp.js';
import { ADMIN, RunningGateway } from '../../fixtures/running-gateway.js';

const OWN = 'http://gate.example.com';
const TOKEN_NAME = 'mcpgateway_csrf_token';

/** Keeps the cookies it is given, as a browser does, and sends them back. */
class CookieJar {
  readonly #cookies = new Map<string, string>();

  keep({ headers }: Response): void {
    for (const line of headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }

  get(name: string): string {
    return this.#cookies.get(name) ?? '';
  }

  toString(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }
}

describe('a browser', () => {
  let running: RunningGateway;
  let jar: CookieJar;
  beforeAll(async () => {
    running = await RunningGateway.start({ APP_DOMAIN: OWN });
  });
  afterAll(() => running.stop());
  beforeEach(async () => {
    jar = new CookieJar();
    const login = await send('POST', '/auth/login', {}, { ...ADMIN, cookie: true });
    expect(login.status).toBe(200);
  });

  async function send(method: string, path: string, headers: Record<string, string>, body?: object): Promise<Response> {
    const response = await fetch(running.url + path, {
      method,
      headers: {
        Accept: 'text/html, application/json',
        Cookie: String(jar),
        ...(body && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      redirect: 'manual',
      ...(body && { body: JSON.stringify(body) }),
    });
    jar.keep(response);
    return response;
  }
  const good = (): Record<string, string> => ({ Origin: OWN, 'X-CSRF-Token': jar.get(TOKEN_NAME) });
  const server = () => ({ server: { name: `server ${performance.now()}` } });

  it('reads with its cookie', async () => {
    expect((await send('GET', '/tools', {})).status).toBe(200);
  });

  it('writes with its cookie, the token and its own origin', async () => {
    expect((await send('POST', '/servers', good(), server())).status).toBe(201);
  });

  it('gets the token anew', async () => {
    const response = await send('GET', '/auth/csrf-token', {});
    const { csrf_token: token } = (await response.json()) as { csrf_token: string };
    expect(token).toBe(jar.get(TOKEN_NAME));
    expect((await send('POST', '/servers', { Origin: OWN, 'X-CSRF-Token': token }, server())).status).toBe(201);
  });

  it.each<[string, (headers: Record<string, string>) => Record<string, string>]>([
    ['the token', ({ Origin = '' }) => ({ Origin })],
    ['an origin', ({ 'X-CSRF-Token': token = '' }) => ({ 'X-CSRF-Token': token })],
    ['its own origin', (headers) => ({ ...headers, Origin: 'https://evil.example.com' })],
    ['the right token', (headers) => ({ ...headers, 'X-CSRF-Token': '0'.repeat(64) })],
  ])('writes nothing without %s', async (_, headers) => {
    const response = await send('POST', '/servers', headers(good()), server());
    expect([response.status, await response.json()]).toEqual([
      403,
      { detail: 'CSRF validation failed', code: 'CSRF_TOKEN_INVALID' },
    ]);
  });

  it('is not asked for a token when it sends its session as a header', async () => {
    const headers = { Authorization: `Bearer ${jar.get('jwt_token')}` };
    expect((await send('POST', '/servers', headers, server())).status).toBe(201);
  });

  it('refreshes both cookies, and the ones before are dead', async () => {
    const before = { session: jar.get('jwt_token'), csrf: jar.get(TOKEN_NAME) };
    expect((await send('POST', '/auth/refresh', { Origin: OWN })).status).toBe(403);
    const response = await send('POST', '/auth/refresh', good());
    const { access_token: session, csrf_token: csrf } = (await response.json()) as Record<string, string>;
    expect([session, csrf]).toEqual([jar.get('jwt_token'), jar.get(TOKEN_NAME)]);
    expect(session).not.toBe(before.session);
    expect((await send('POST', '/servers', good(), server())).status).toBe(201);
    expect((await send('POST', '/servers', { ...good(), 'X-CSRF-Token': before.csrf }, server())).status).toBe(403);
    expect((await send('GET', '/tools', { Cookie: `jwt_token=${before.session}` })).status).not.toBe(200);
  });

  it('logs out: the cookies are gone, and a copy of them is worth nothing', async () => {
    const copy = String(jar);
    expect((await send('POST', '/auth/logout', { Origin: OWN })).status).toBe(403);
    expect((await send('POST', '/auth/logout', good())).status).toBe(200);
    expect(String(jar)).toBe('');
    expect((await send('GET', '/tools', { Cookie: copy })).status).not.toBe(200);
  });

  it('opens no MCP endpoint with its cookie', async () => {
    const headers = { Cookie: String(jar), ...good(), 'Content-Type': 'application/json' };
    const response = await fetch(`${running.url}/mcp`, { method: 'POST', headers, body: '{}' });
    expect(response.status).toBe(401);
    expect((await callMcp(`${running.url}/mcp`, jar.get('jwt_token'), 'ping')).status).toBe(200);
  });
});
