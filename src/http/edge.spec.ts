import { Controller, Get, Post } from '@nestjs/common';
import { afterEach, describe, expect, it } from 'vitest';
import { rawExchange } from '../../test/fixtures/raw-connection.js';
import { SmallGate } from '../../test/fixtures/small-gate.js';
import { Edge } from './edge.js';

@Controller()
class Rooms {
  @Get(['room', 'health', 'ready'])
  room(): string {
    return 'a room';
  }

  @Post(['mcp', 'rpc', 'servers/:id/mcp'])
  door(): string {
    return 'a door';
  }
}

const SECURITY = ['X-Content-Type-Options: nosniff', 'X-Frame-Options: DENY', 'Cache-Control: no-store, private'];
const CORS = /^access-control-/im;

describe(Edge.name, () => {
  let gate: SmallGate | undefined;
  afterEach(() => gate?.stop());

  const start = async (variables: Record<string, string> = {}): Promise<SmallGate> => {
    gate = await SmallGate.start({ controllers: [Rooms], variables });
    return gate;
  };
  const ask = ({ url }: SmallGate, ...lines: string[]): Promise<string> =>
    rawExchange(url, [...lines, 'Connection: close']);
  const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
  const getting = async (running: SmallGate, host: string, path = '/room'): Promise<number> =>
    statusOf(await ask(running, `GET ${path} HTTP/1.1`, `Host: ${host}`));

  describe('lets in by Host', () => {
    const variables = {
      APP_DOMAIN: 'https://Gate.example.com:8443',
      ALLOWED_HOSTS: 'Other.example.com,fd00::7,10.0.0.7',
    };

    it('its own names in any case, with any port', async () => {
      const running = await start(variables);
      const own = ['localhost', '127.0.0.1:4444', '[::1]', '[::1]:4444', 'LOCALHOST:1', 'gate.example.com'];
      for (const host of [
        ...own,
        'GATE.example.com:8443',
        'other.example.com:65535',
        '[fd00::7]:80',
        '[FD00::7]',
        '10.0.0.7',
      ]) {
        expect(await getting(running, host), host).toBe(200);
      }
    });

    it('nobody else, whatever it looks like', async () => {
      const running = await start(variables);
      const foreign = [
        'evil.example.net',
        'gate.example.com.evil.example.net',
        'xlocalhost',
        'localhost.',
        'localhost:',
      ];
      const odd = [
        'localhost:4444:4444',
        'localhost:123456',
        'user@localhost',
        'localhost/x',
        '[::1',
        '::1',
        '[fd00::8]',
      ];
      for (const host of [
        ...foreign,
        ...odd,
        '2130706433',
        '127.1',
        '0.0.0.0',
        'localhost, evil.example.net',
        'fd00::7',
      ]) {
        expect(await getting(running, host), host).toBe(403);
      }
    });

    it('nobody without one', async () => {
      const running = await start();
      expect(statusOf(await ask(running, 'GET /room HTTP/1.1'))).toBe(400);
      expect(statusOf(await ask(running, 'GET /room HTTP/1.0'))).toBe(403);
      expect(statusOf(await ask(running, 'GET /room HTTP/1.1', 'Host:'))).toBe(403);
    });

    it('everybody when told so', async () => {
      expect(await getting(await start({ ALLOWED_HOSTS: '*' }), 'evil.example.net')).toBe(200);
    });

    it('the address it listens on', async () => {
      expect(await getting(await start({ HOST: 'fd00::9' }), '[fd00::9]:4444')).toBe(200);
    });

    it('probes by any name, and nothing that only looks like one', async () => {
      const running = await start();
      for (const path of ['/health', '/ready', '/health/', '/ready?verbose']) {
        expect(await getting(running, '10.1.2.3:4444', path), path).toBe(200);
      }
      for (const path of ['/healthy', '/health/../room', '/healthx?', '//health', '/Health', '/ready/x']) {
        expect(await getting(running, '10.1.2.3:4444', path), path).toBe(403);
      }
    });
  });

  describe('lets in by Origin', () => {
    const variables = { APP_DOMAIN: 'https://gate.example.com/', ALLOWED_ORIGINS: 'https://app.example.com/' };
    const from = (running: SmallGate, origin: string, line: string, ...more: string[]): Promise<string> =>
      ask(running, line, 'Host: localhost', `Origin: ${origin}`, 'Content-Length: 0', ...more);

    it.each(['/mcp', '/mcp/', '/rpc', '/servers/abc/mcp', '/mcp?x=/room'])('only its own at %s', async (path) => {
      const running = await start(variables);
      for (const origin of ['https://gate.example.com', 'https://app.example.com']) {
        expect(statusOf(await from(running, origin, `POST ${path} HTTP/1.1`))).toBe(201);
      }
      for (const origin of [
        'https://evil.example.net',
        'null',
        'http://app.example.com',
        'https://app.example.com:444',
      ]) {
        const answer = await from(running, origin, `POST ${path} HTTP/1.1`);
        expect(statusOf(answer), origin).toBe(403);
        expect(answer).toContain('"code":"origin_not_allowed"');
        expect(answer).not.toMatch(CORS);
      }
    });

    it('only its own at MCP doors even with CORS off', async () => {
      const running = await start({ ...variables, CORS_ENABLED: 'false' });
      expect(statusOf(await from(running, 'https://evil.example.net', 'POST /mcp HTTP/1.1'))).toBe(403);
      const own = await from(running, 'https://app.example.com', 'POST /mcp HTTP/1.1');
      expect(statusOf(own)).toBe(201);
      expect(own).not.toMatch(CORS);
    });

    it('pages of the developer’s own machine, but never in production', async () => {
      for (const [environment, status] of [
        ['development', 201],
        ['production', 403],
      ] as const) {
        const running = await start({ ...variables, ENVIRONMENT: environment });
        for (const origin of ['http://localhost:3000', 'http://127.0.0.1:8080', 'http://localhost']) {
          expect(statusOf(await from(running, origin, 'POST /mcp HTTP/1.1')), origin).toBe(status);
        }
        expect(statusOf(await from(running, 'http://localhost:6666', 'POST /mcp HTTP/1.1'))).toBe(403);
      }
    });

    it('anybody elsewhere, who then may not read the answer', async () => {
      const answer = await from(await start(variables), 'https://evil.example.net', 'GET /room HTTP/1.1');
      expect(statusOf(answer)).toBe(200);
      expect(answer).not.toMatch(CORS);
    });

    it('and never names another origin than the one that asks, nor everybody', async () => {
      const running = await start({ ALLOWED_ORIGINS: '*' });
      const answer = await from(running, 'https://any.example.org', 'GET /room HTTP/1.1');
      expect(answer).toContain('Access-Control-Allow-Origin: https://any.example.org\r\n');
      expect(answer).not.toMatch(/access-control-allow-credentials/i);
    });

    it('and shows scripts only some headers', async () => {
      const answer = await from(await start(variables), 'https://app.example.com', 'GET /room HTTP/1.1');
      const limits = 'X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Password-Change-Required';
      const exposed = `X-Correlation-ID, WWW-Authenticate, DPoP-Nonce, Mcp-Session-Id, Retry-After, ${limits}`;
      expect(answer).toContain(`Access-Control-Expose-Headers: ${exposed}\r\n`);
    });

    it('and answers preflights itself, before any credential is asked for', async () => {
      const running = await start(variables);
      const asked = [
        'Access-Control-Request-Method: POST',
        'Access-Control-Request-Headers: authorization, mcp-param-x',
      ];
      const answer = await from(running, 'https://app.example.com', 'OPTIONS /mcp HTTP/1.1', ...asked);
      expect(statusOf(answer)).toBe(204);
      expect(answer).toContain('Access-Control-Allow-Headers: authorization, mcp-param-x\r\n');
      expect(answer).toContain('Access-Control-Allow-Methods: GET, POST, PUT, PATCH, DELETE\r\n');
      expect(statusOf(await from(running, 'https://evil.example.net', 'OPTIONS /mcp HTTP/1.1', ...asked))).toBe(403);
      // An OPTIONS that is no preflight is a request like any other.
      expect(statusOf(await from(running, 'https://app.example.com', 'OPTIONS /nothing HTTP/1.1'))).toBe(404);
    });
  });

  describe('marks every answer', () => {
    it.each([
      ['that is one', 'GET /room HTTP/1.1', 'Host: localhost'],
      ['about an unknown route', 'GET /nothing HTTP/1.1', 'Host: localhost'],
      ['to a foreign host', 'GET /room HTTP/1.1', 'Host: evil.example.net'],
      ['to a foreign origin', 'POST /mcp HTTP/1.1', 'Host: localhost', 'Origin: null'],
      ['to a bad request', 'GET http://localhost/room HTTP/1.1', 'Host: localhost'],
    ])('%s', async (_, ...lines) => {
      const answer = await ask(await start(), ...lines);
      for (const header of [...SECURITY, 'Vary: Authorization, Origin']) expect(answer).toContain(`${header}\r\n`);
      expect(answer).toMatch(/^X-Correlation-ID: [0-9a-f-]{36}\r$/m);
      expect(answer).not.toMatch(/^(X-Powered-By|Server|ETag):/im);
    });

    it('unless told not to', async () => {
      const answer = await ask(
        await start({ SECURITY_HEADERS_ENABLED: 'false' }),
        'GET /room HTTP/1.1',
        'Host: localhost',
      );
      for (const header of SECURITY) expect(answer).not.toContain(header);
    });

    it('with HSTS where the gateway is reached by https, and nowhere else', async () => {
      const line = 'Strict-Transport-Security: max-age=31536000';
      expect(
        await ask(await start({ APP_DOMAIN: 'https://localhost' }), 'GET /room HTTP/1.1', 'Host: localhost'),
      ).toContain(line);
      await gate?.stop();
      expect(await ask(await start(), 'GET /room HTTP/1.1', 'Host: localhost')).not.toContain(line);
      await gate?.stop();
      const off = await start({ APP_DOMAIN: 'https://localhost', HSTS_ENABLED: 'false' });
      expect(await ask(off, 'GET /room HTTP/1.1', 'Host: localhost')).not.toContain(line);
    });

    it.each([
      ['a.b:c_D-9', true],
      ['x'.repeat(64), true],
      ['x'.repeat(65), false],
      ['a b', false],
      ['a\tb', false],
      ['\u00e9', false],
      ['<b>', false],
      ['a, b', false],
      ['%0d%0aX-Evil: 1', false],
    ])('with the id "%s" of the caller: %s', async (id, taken) => {
      const answer = await ask(await start(), 'GET /room HTTP/1.1', 'Host: localhost', `X-Correlation-ID: ${id}`);
      expect(/^X-Correlation-ID: (.*)\r$/m.exec(answer)?.[1] === id).toBe(taken);
    });

    it('with an id of its own when the caller gives two', async () => {
      const answer = await ask(
        await start(),
        'GET /room HTTP/1.1',
        'Host: localhost',
        'X-Correlation-ID: a',
        'X-Correlation-ID: b',
      );
      expect(answer).toMatch(/^X-Correlation-ID: [0-9a-f-]{36}\r$/m);
    });
  });

  describe('while the gateway shuts down', () => {
    it('takes no call, tells when to come again, and still answers probes', async () => {
      const running = await start();
      running.drain.begin();
      const answer = await rawExchange(running.url, ['GET /room HTTP/1.1', 'Host: localhost']);
      expect(statusOf(answer)).toBe(503);
      expect(answer).toMatch(/^Retry-After: 1\r\nContent-Type/m);
      expect(answer).toMatch(/^Connection: close\r$/im);
      expect(answer).toContain('"code":"draining"');
      expect(await getting(running, '10.1.2.3', '/health')).toBe(200);
    });
  });
});
