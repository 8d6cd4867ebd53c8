import { All, Controller, Req } from '@nestjs/common';
import type { Request } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawExchange } from '../../test/fixtures/raw-connection.js';
import { SeededRandom } from '../../test/fixtures/seeded-random.js';
import { SmallGate } from '../../test/fixtures/small-gate.js';
import { RequestContext } from './request-context.js';

/** The routes of the MCP endpoints; they tell what the context knew before they were found. */
@Controller()
class Doors {
  @All(['mcp', 'rpc', 'sse', 'message', 'servers/:serverId/mcp', 'servers/:serverId/sse', 'servers/:serverId/message'])
  door(@Req() { context }: Request): object {
    return { door: context.mcpDoor, address: context.clientAddress };
  }
}

const PIECES = [
  [
    '/',
    '/',
    '/',
    'mcp',
    'mcp',
    'rpc',
    'sse',
    'message',
    'servers',
    'a',
    'MCP',
    'Mcp',
    'rPc',
    'SERVERS',
    '%6dcp',
    'm%63p',
    'mcp%20',
  ],
  ['.', '..', '%2e', '%2f', '%2F', '%5c', '\\', ';', ';x', '?', '?a', '??', '%3f', '%23', '%00', '%zz', '%', '*'],
  ['+', '~', '@', ':', '&', '=', '!', '(', ')', '|', '{', '"', "'", ',', 'http://localhost', '\u00e9', '#', ' ', '\t'],
].flat();

describe(RequestContext.name, () => {
  let gate: SmallGate;
  beforeAll(async () => {
    gate = await SmallGate.start({ controllers: [Doors] });
  });
  afterAll(() => gate.stop());

  const ask = (target: string): Promise<string> =>
    rawExchange(gate.url, [`POST ${target} HTTP/1.1`, 'Host: localhost', 'Content-Length: 0', 'Connection: close']);

  it.each([
    '/mcp',
    '/mcp/',
    '/mcp?',
    '/mcp?a=/b',
    '/mcp/?a',
    '/rpc',
    '/rpc/',
    '/servers/a/mcp',
    '/servers/%20/mcp/?a',
    '/sse',
    '/sse/',
    '/message?session_id=x',
    '/servers/a/sse',
    '/servers/a/message?session_id=x',
  ])('knows %s for a door', async (target) => {
    expect(await ask(target)).toContain('{"door":true');
  });

  it.each(
    [
      [
        '/MCP',
        '/Mcp',
        '/RPC',
        '/mcpx',
        '/mcp.',
        '/mcp;',
        '/mcp;x=1',
        '/mcp//',
        '//mcp',
        '/./mcp',
        '/../mcp',
        '/x/../mcp',
      ],
      [
        '/mcp/../x',
        '/mcp%2f',
        '/%6dcp',
        '/mcp%00',
        '/mcp%20',
        '/mcp%3f',
        '/mcp%23',
        '/mcp\\',
        '\\mcp',
        '/servers//mcp',
      ],
      ['/servers/mcp', '/servers/a/b/mcp', '/servers/a/MCP', '/Servers/a/mcp', '/servers/a%2fmcp', '/servers/a/mcp/x'],
      [
        '/mcp#',
        '/mcp#x',
        '/mcp#?',
        'http://localhost/mcp',
        '//localhost/mcp',
        'mcp',
        '*',
        '/mcp\u00e9',
        '/servers/%zz/mcp',
      ],
    ].flat(),
  )('leads %s to no door', async (target) => {
    expect(await ask(target)).toMatch(/^HTTP\/1\.1 40[04] /);
  });

  it('knows every door that Express finds, however its path is written', async () => {
    const random = new SeededRandom(1);
    const answers: string[] = [];
    for (let round = 0; round < 20; round += 1) {
      const targets = Array.from({ length: 50 }, () => `/${random.several(5, () => random.pick(PIECES)).join('')}`);
      answers.push(...(await Promise.all(targets.map(ask))));
    }
    const found = answers.filter((answer) => answer.startsWith('HTTP/1.1 20'));
    expect(found.length).toBeGreaterThan(10);
    for (const answer of found) expect(answer).toContain('{"door":true');
  });

  it('takes a mapped address for what it is', async () => {
    expect(await ask('/mcp')).toContain('"address":"127.0.0.1"');
  });
});
