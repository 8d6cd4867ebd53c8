import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { MOST_HEADERS, requestFault } from './request-fault.js';

function request(url: string, ...rawHeaders: string[]): IncomingMessage {
  return Object.assign(new IncomingMessage(new Socket()), { url, rawHeaders });
}

describe(requestFault.name, () => {
  it.each(['/', '/mcp', '/a/b?c=d&e', '/%zz', '/a;b=c', "/~!$&'()*+,:@", '/\\', '/"<>'])(
    'takes the target %s',
    (url) => {
      expect(requestFault(request(url))).toBeUndefined();
    },
  );

  it.each([
    '',
    '*',
    'mcp',
    'http://localhost/mcp',
    'localhost:80',
    '/mcp#x',
    '/a b',
    '/a\tb',
    '/a\u00a0',
    '/é',
    '/\u0000',
    '/\ufeff',
  ])('refuses the target "%s"', (url) => {
    expect(requestFault(request(url))).toEqual({ code: 'bad_request', text: 'The request target is not a plain path' });
  });

  it.each(['Host', 'host', 'HOST', 'Authorization', 'aUTHORIZATION'])('refuses %s given twice', (name) => {
    const other = name.toLowerCase();
    expect(requestFault(request('/', name, 'a', 'X-Other', 'b'))).toBeUndefined();
    expect(requestFault(request('/', name, 'a', 'X-Other', 'b', other, 'a'))?.code).toBe('bad_request');
  });

  it('lets other headers repeat, and values be what they like', () => {
    expect(requestFault(request('/', 'Cookie', 'a', 'Cookie', 'b', 'X-A', 'Host', 'X-B', 'host'))).toBeUndefined();
  });

  it('bounds how many there are', () => {
    const fields = (count: number): string[] => Array.from({ length: count }, (_, index) => [`X-${index}`, '']).flat();
    expect(requestFault(request('/', ...fields(MOST_HEADERS)))).toBeUndefined();
    expect(requestFault(request('/', ...fields(MOST_HEADERS + 1)))?.code).toBe('headers_too_large');
  });
});
