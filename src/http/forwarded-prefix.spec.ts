import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { forwardedPrefix } from './forwarded-prefix.js';
import { RequestContext } from './request-context.js';
import { TrustedProxies } from './trusted-proxies.js';

function prefixOf(prefix: string | undefined, proxies = '1'): string {
  const request = new IncomingMessage(new Socket());
  if (prefix !== undefined) request.headers['x-forwarded-prefix'] = prefix;
  request.context = new RequestContext(request);
  return forwardedPrefix(request, TrustedProxies.parse(proxies));
}

describe(forwardedPrefix.name, () => {
  it.each(['/gate', '/a/b.c/~d', '/-x_1'])('is what a trusted proxy says: %s', (prefix) => {
    expect(prefixOf(prefix)).toBe(prefix);
  });

  it.each([
    undefined,
    '',
    '/',
    'gate',
    '/gate/',
    '//evil.example',
    '/..',
    '/a/../b',
    '/a?b',
    '/a\nb',
    '/%2f',
    '/a, /b',
  ])('is nothing when it says %j', (prefix) => {
    expect(prefixOf(prefix)).toBe('');
  });

  it.each(['0', '10.0.0.0/8'])('is nothing where the proxies are %s', (proxies) => {
    expect(prefixOf('/gate', proxies)).toBe('');
  });
});
