import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawConnection, rawExchange } from '../../fixtures/raw-connection.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { SHARED_SECRET, signedToken } from '../../fixtures/signed-token.js';

const HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-xss-protection': '0',
  'x-download-options': 'noopen',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store, private',
};
const ALLOWED = 'https://app.example.com';
const FOREIGN = 'https://evil.example.net';
const JSON_TYPE = { 'Content-Type': 'application/json' };
const KIBIBYTE = 1024;

describe('the edge', () => {
  let running: RunningGateway;
  let token: string;

  beforeAll(async () => {
    running = await RunningGateway.start({
      JWT_SECRET_KEY: SHARED_SECRET,
      APP_DOMAIN: 'https://gate.example.com',
      ALLOWED_ORIGINS: ALLOWED,
      ALLOWED_HOSTS: 'other.example.com',
      MAX_BODY_BYTES: String(64 * KIBIBYTE),
      HEADER_TIMEOUT_SECONDS: '1',
      REQUEST_TIMEOUT_SECONDS: '2',
    });
    token = signedToken({ teams: null });
  });
  afterAll(() => running.stop());

  interface Ask {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | Buffer;
  }
  const call = (path: string, init: Ask = {}) =>
    fetch(running.url + path, { ...init, headers: { Authorization: `Bearer ${token}`, ...init.headers } });
  const post = (body: string | Buffer, headers: Record<string, string> = JSON_TYPE) =>
    call('/gateways', { method: 'POST', headers, body });
  const raw = (...lines: readonly string[]) => rawExchange(running.url, [...lines, 'Connection: close']);
  const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);

  describe('sends its headers with', () => {
    const mcp = { ...JSON_TYPE, Accept: 'application/json, text/event-stream' };
    const answers: Record<string, [number, () => Promise<Response>]> = {
      'an answer': [200, () => call('/tools')],
      'an MCP answer': [
        200,
        () => call('/mcp', { method: 'POST', headers: mcp, body: '{"jsonrpc":"2.0","id":1,"method":"ping"}' }),
      ],
      'a preflight': [
        204,
        () =>
          call('/tools', { method: 'OPTIONS', headers: { Origin: ALLOWED, 'Access-Control-Request-Method': 'GET' } }),
      ],
      'bad JSON': [400, () => post('{')],
      'no credential': [401, () => call('/tools', { headers: { Authorization: '' } })],
      'no permission': [403, () => call('/version', { headers: { Authorization: `Bearer ${signedToken()}` } })],
      'a foreign origin': [403, () => call('/mcp', { method: 'POST', headers: { Origin: FOREIGN } })],
      'an unknown route': [404, () => call('/nothing')],
      'an unknown row': [404, () => call('/tools/nothing')],
      'a wrong method': [405, () => call('/mcp')],
      'a large body': [413, () => post(`{"name":"${'x'.repeat(64 * KIBIBYTE)}"}`)],
      'another media type': [415, () => post('name=x', { 'Content-Type': 'text/plain' })],
      'a rule broken': [422, () => post('{}')],
    };

    it.each(Object.keys(answers))('%s', async (name) => {
      const [status, ask] = answers[name] ?? [0, () => call('/')];
      const response = await ask();
      expect(response.status).toBe(status);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        ...HEADERS,
        'strict-transport-security': 'max-age=31536000; includeSubDomains',
        'x-correlation-id': expect.stringMatching(/^[\w-]{36}$/),
      });
      for (const header of ['server', 'x-powered-by', 'etag']) expect(response.headers.get(header)).toBeNull();
    });

    it.each([
      ['a foreign host', 403, ['GET /tools HTTP/1.1', 'Host: evil.example.net']],
      ['headers that are too large', 431, ['GET /tools HTTP/1.1', 'Host: localhost', `X-Large: ${'x'.repeat(17_000)}`]],
      ['what is no request', 400, ['HELLO']],
      ['an expectation', 401, ['GET /tools HTTP/1.1', 'Host: localhost', 'Expect: miracles']],
    ])('%s', async (_, status, lines) => {
      const answer = await raw(...lines);
      expect(statusOf(answer)).toBe(status);
      const head = answer.slice(0, answer.indexOf('\r\n\r\n')).toLowerCase();
      for (const [name, value] of Object.entries(HEADERS)) expect(head).toContain(`${name}: ${value.toLowerCase()}`);
      expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toHaveProperty('detail');
    });

    it('no promise of HTTPS where APP_DOMAIN has none', async () => {
      const plain = await RunningGateway.start();
      expect((await fetch(`${plain.url}/health`)).headers.get('strict-transport-security')).toBeNull();
      await plain.stop();
    });
  });

  describe('knows its callers by', () => {
    it.each(['GET /tools HTTP/1.1\r\nHost: other.example.com', 'GET /tools HTTP/1.1\r\nHost: GATE.example.com:4444'])(
      'a host it was told of: %j',
      async (lines) => {
        expect(statusOf(await raw(lines))).toBe(401);
      },
    );

    it.each([
      [403, 'GET /tools HTTP/1.1', 'Host: gate.example.com.evil.example.net'],
      [403, 'GET /tools HTTP/1.1', 'Host: localhost:4444@evil.example.net'],
      [403, 'GET /tools HTTP/1.1', 'Host: evil.example.net', 'X-Forwarded-Host: localhost'],
      [403, 'GET /healthy HTTP/1.1', 'Host: evil.example.net'],
      [403, 'GET /tools HTTP/1.0'],
      [400, 'GET /tools HTTP/1.1'],
      [400, 'GET /tools HTTP/1.1', 'Host: localhost', 'Host: evil.example.net'],
      [400, 'GET http://localhost/tools HTTP/1.1', 'Host: localhost'],
      [400, 'GET http://evil.example.net/health HTTP/1.1', 'Host: localhost'],
      [200, 'GET /health HTTP/1.1', 'Host: 10.0.0.7:4444'],
      [200, 'GET /ready HTTP/1.1', 'Host: 10.0.0.7:4444'],
    ])('their Host: %i %s %s', async (status, ...lines) => {
      expect(statusOf(await raw(...lines.map(String)))).toBe(status);
    });

    it('one Authorization only', async () => {
      const bearer = `Authorization: Bearer ${token}`;
      expect(statusOf(await raw('GET /tools HTTP/1.1', 'Host: localhost', bearer))).toBe(200);
      expect(statusOf(await raw('GET /tools HTTP/1.1', 'Host: localhost', bearer, bearer))).toBe(400);
    });

    it('their socket, whatever X-Forwarded-For says', async () => {
      const id = 'forwarded-for-test';
      await call('/tools', {
        headers: { 'X-Forwarded-For': '203.0.113.9', Forwarded: 'for=203.0.113.9', 'X-Correlation-ID': id },
      });
      const { body } = await running.rest<{ correlation_id: string; ip_address: string }[]>('GET', '/usage?limit=5');
      expect(body.find((row) => row.correlation_id === id)?.ip_address).toBe('127.0.0.1');
    });
  });

  describe('answers CORS', () => {
    it('with the allowed origin and no other', async () => {
      const allowed = await call('/tools', { headers: { Origin: ALLOWED } });
      expect(allowed.headers.get('access-control-allow-origin')).toBe(ALLOWED);
      expect(allowed.headers.get('vary')).toContain('Origin');
      const foreign = await call('/tools', { headers: { Origin: FOREIGN } });
      expect(foreign.status).toBe(200);
      expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
      expect(foreign.headers.get('vary')).toContain('Origin');
    });

    it('to preflights of allowed origins, without a credential', async () => {
      const ask = (Origin: string) =>
        fetch(`${running.url}/mcp`, {
          method: 'OPTIONS',
          headers: {
            Origin,
            'Access-Control-Request-Method': 'POST',
            'Access-Control-Request-Headers': 'mcp-param-region',
          },
        });
      const allowed = await ask(ALLOWED);
      expect(allowed.status).toBe(204);
      expect(allowed.headers.get('access-control-allow-headers')).toBe('mcp-param-region');
      expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
      expect((await ask(FOREIGN)).status).toBe(403);
    });

    it('not at all when it is off', async () => {
      const off = await RunningGateway.start({ CORS_ENABLED: 'false', ALLOWED_ORIGINS: ALLOWED });
      const response = await fetch(`${off.url}/health`, { headers: { Origin: ALLOWED } });
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
      await off.stop();
    });

    it.each(['/mcp', '/mcp/', '/mcp?x', '/rpc', '/servers/x/mcp', '/servers/x/mcp/', '/mcp#x', '/mcp\u00a0'])(
      'with 403 or 400 to foreign origins at %j',
      async (path) => {
        for (const origin of [FOREIGN, 'null', `${ALLOWED}.evil.example.net`, ALLOWED.toUpperCase()]) {
          const answer = await raw(
            `POST ${path} HTTP/1.1`,
            'Host: localhost',
            `Origin: ${origin}`,
            `Authorization: Bearer ${token}`,
          );
          expect([400, 403]).toContain(statusOf(answer));
        }
      },
    );

    it.each(['/MCP', '/mcp;x', '/%6dcp', '//mcp', '/./mcp', '/servers/x/MCP', '/Servers/x/mcp'])(
      'and has no MCP door at %j',
      async (path) => {
        const answer = await raw(
          `POST ${path} HTTP/1.1`,
          'Host: localhost',
          `Origin: ${FOREIGN}`,
          `Authorization: Bearer ${token}`,
        );
        expect(statusOf(answer)).toBe(404);
      },
    );
  });

  describe('gives each request an id', () => {
    it('that the caller may choose', async () => {
      const response = await call('/tools', { headers: { 'X-Correlation-ID': 'my-id.1:2_3' } });
      expect(response.headers.get('x-correlation-id')).toBe('my-id.1:2_3');
    });

    it.each(['', 'x'.repeat(65), 'a b', '<script>', 'ünï'])('unless it is %j', async (id) => {
      const answer = await raw('GET /health HTTP/1.1', 'Host: localhost', `X-Correlation-ID: ${id}`);
      expect(answer).toMatch(/X-Correlation-ID: [0-9a-f-]{36}\r\n/);
    });
  });

  describe('reads bodies', () => {
    it.each([
      ['is not JSON', '{"name":'],
      ['is not JSON', '{"name":"x"} {}'],
      ['is not JSON', '\uFEFF{}'],
      ['is not a JSON object', '[]'],
      ['is not a JSON object', '"text"'],
      ['is not a JSON object', 'null'],
      ['gives a member more than once', '{"name":"a","name":"b"}'],
      ['gives a member more than once', '{"name":"a","n\\u0061me":"b"}'],
      ['has a member __proto__', '{"__proto__":{"isAdmin":true}}'],
      ['is nested deeper than 30', '{"name":'.repeat(31)],
      ['is nested deeper than 30', '['.repeat(60_000)],
    ])('and says when one %s', async (fault, body) => {
      const response = await post(body);
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({ detail: `The body ${fault}`, code: 'bad_request' });
    });

    it('as UTF-8 only', async () => {
      const response = await post(Buffer.from('{"name":"\xff"}', 'latin1'));
      expect(await response.json()).toEqual({ detail: 'The body is not UTF-8', code: 'bad_request' });
    });

    it.each([
      { 'Content-Type': 'text/plain' },
      { 'Content-Type': 'application/x-www-form-urlencoded' },
      { 'Content-Type': 'multipart/form-data; boundary=x' },
      { 'Content-Type': 'application/jsonp' },
      { ...JSON_TYPE, 'Content-Encoding': 'gzip' },
    ])('and refuses those with %j', async (headers) => {
      expect((await post('{}', headers)).status).toBe(415);
    });

    it('and names what is missing from an empty one', async () => {
      const response = await call('/gateways', { method: 'POST' });
      expect(response.status).toBe(422);
      expect(await response.text()).toContain('"name"');
    });

    it('up to MAX_BODY_BYTES, announced or not', async () => {
      const detail = `The body is larger than ${64 * KIBIBYTE} bytes (MAX_BODY_BYTES)`;
      const announced = await post(' '.repeat(64 * KIBIBYTE + 1));
      expect([announced.status, await announced.json()]).toEqual([413, { detail, code: 'payload_too_large' }]);
      const lines = [
        'POST /gateways HTTP/1.1',
        'Host: localhost',
        'Content-Type: application/json',
        `Authorization: Bearer ${token}`,
      ];
      const chunk = `${(32 * KIBIBYTE).toString(16)}\r\n${' '.repeat(32 * KIBIBYTE)}\r\n`;
      const chunked = await rawExchange(running.url, [...lines, 'Transfer-Encoding: chunked'], chunk.repeat(3));
      expect(statusOf(chunked)).toBe(413);
      expect(chunked).toContain('MAX_BODY_BYTES');
    });

    it('and answers a client that goes on sending', async () => {
      const sending = request(`${running.url}/gateways`, {
        method: 'POST',
        headers: { ...JSON_TYPE, Authorization: `Bearer ${token}`, 'Content-Length': 8 * KIBIBYTE * KIBIBYTE },
      });
      sending.on('error', () => undefined);
      const answered = once(sending, 'response');
      sending.end(Buffer.alloc(8 * KIBIBYTE * KIBIBYTE, 32));
      const [response] = await answered;
      expect(response.statusCode).toBe(413);
      response.resume();
    });

    it('not at all of those who may not call', async () => {
      expect(
        (await call('/gateways', { method: 'POST', headers: { ...JSON_TYPE, Authorization: '' }, body: '{' })).status,
      ).toBe(401);
      const answer = await call('/gateways', {
        method: 'POST',
        headers: { ...JSON_TYPE, Authorization: `Bearer ${signedToken()}` },
        body: '{',
      });
      expect(answer.status).toBe(403);
    });
  });

  describe('takes a path for what it is', () => {
    it.each([
      '/TOOLS',
      '//tools',
      '/tools//',
      '/%74ools',
      '/%2e/tools',
      '/x/../tools',
      '/tools;x',
      '/tools%2f',
      '/tools.',
      '/tools%00',
      '/tools%20',
    ])('%s is not /tools', async (path) => {
      const answer = await raw(`GET ${path} HTTP/1.1`, 'Host: localhost', `Authorization: Bearer ${token}`);
      expect(statusOf(answer)).toBe(404);
    });

    it.each([
      'X-HTTP-Method-Override: DELETE',
      'X-HTTP-Method: DELETE',
      'X-Original-URL: /version',
      'X-Rewrite-URL: /version',
    ])('and %s means nothing', async (header) => {
      const answer = await raw('GET /tools HTTP/1.1', 'Host: localhost', `Authorization: Bearer ${token}`, header);
      expect(statusOf(answer)).toBe(200);
      expect(answer).toContain('[]');
    });

    it.each(['PATCH', 'PUT', 'DELETE', 'TRACE', 'PROPFIND', 'OPTIONS'])('%s /tools is not there', async (method) => {
      const answer = await raw(`${method} /tools HTTP/1.1`, 'Host: localhost', 'X-Secret: not echoed');
      expect(statusOf(answer)).toBe(404);
      expect(answer).not.toMatch(/not echoed|^allow:/im);
    });

    it.each(['TRACE', 'OPTIONS', 'HEAD', 'PATCH'])('%s /mcp is closed to strangers', async (method) => {
      expect(statusOf(await raw(`${method} /mcp HTTP/1.1`, 'Host: localhost'))).toBe(401);
    });

    it('HEAD asks for the same credential as GET and says no more', async () => {
      expect(statusOf(await raw('HEAD /tools HTTP/1.1', 'Host: localhost'))).toBe(401);
      expect(await raw('HEAD /tools HTTP/1.1', 'Host: localhost', `Authorization: Bearer ${token}`)).toMatch(
        /^HTTP\/1\.1 200[^]*\r\n\r\n$/,
      );
    });

    it.each([
      ['OPTIONS * HTTP/1.1', 400],
      ['GET /tools HTTP/3.7', 400],
      ['GET tools HTTP/1.1', 400],
    ])('%s is %i', async (line, status) => {
      expect(statusOf(await raw(line, 'Host: localhost'))).toBe(status);
    });

    it('is no proxy', async () => {
      expect(await raw('CONNECT upstream.example.com:443 HTTP/1.1', 'Host: localhost')).toBe('');
      expect(statusOf(await raw('GET /tools HTTP/1.1', 'Host: localhost', 'Upgrade: websocket'))).toBe(401);
    });
  });

  describe('bounds what a client may hold', () => {
    it('in the number of header fields', async () => {
      const fields = (count: number) => Array.from({ length: count }, (_, index) => `X-${index}: y`);
      // With Host and Connection.
      expect(statusOf(await raw('GET /health HTTP/1.1', 'Host: localhost', ...fields(98)))).toBe(200);
      expect(statusOf(await raw('GET /health HTTP/1.1', 'Host: localhost', ...fields(99)))).toBe(431);
    });

    it('in the time its headers take', async () => {
      const slow = await RawConnection.to(running.url);
      slow.write('GET /health HTTP/1.1\r\nHost: localhost\r\n');
      const drip = setInterval(() => slow.write('X-Drip: drop\r\n'), 200);
      const answer = await slow.untilClosed();
      clearInterval(drip);
      expect(statusOf(answer)).toBe(408);
    });

    it('in the time its body takes', async () => {
      const slow = await RawConnection.to(running.url);
      slow.write(
        'POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
      );
      const drip = setInterval(() => slow.write(' '), 200);
      const answer = await slow.untilClosed();
      clearInterval(drip);
      expect(statusOf(answer)).toBe(408);
    });

    it.each([
      [['Content-Length: 6', 'Transfer-Encoding: chunked'], '0\r\n\r\nG'],
      [['Content-Length: 1', 'Content-Length: 2'], '{}'],
      [['Transfer-Encoding: xchunked'], '0\r\n\r\n'],
      [['Transfer-Encoding : chunked'], '0\r\n\r\n'],
      [['Content-Length: +2'], '{}'],
      [['X: a\n b'], ''],
    ])('to one way of reading a request: %j', async (lines, body) => {
      const second = 'GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n';
      const first = ['POST /auth/login HTTP/1.1', 'Host: localhost', 'Content-Type: application/json', ...lines];
      const answer = await rawExchange(running.url, first, body + second);
      expect(answer.match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 400']);
    });
  });
});
