import { describe, expect, it } from 'vitest';
import { globalPassthroughFault, passthroughFault, toHeaderNames } from './passthrough-names.js';

const names = (value: unknown) => toHeaderNames({ value } as Parameters<typeof toHeaderNames>[0]);

describe(passthroughFault, () => {
  it.each(['X-Tenant-Id', 'x-trace-id', 'traceparent', 'X-Request-ID', 'Accept-Language', 'Accept', 'User-Agent'])(
    'lets %s be listed',
    (name) => {
      expect([passthroughFault(name), globalPassthroughFault(name)]).toEqual([undefined, undefined]);
    },
  );

  it.each([
    'Authorization',
    'Cookie',
    'DPoP',
    'Set-Cookie',
    'Host',
    'Connection',
    'Keep-Alive',
    'TE',
    'Trailer',
    'Transfer-Encoding',
    'Upgrade',
    'Expect',
    'Content-Type',
    'Content-Length',
    'Content-Encoding',
    'Accept-Encoding',
    'Proxy-Authorization',
    'Proxy-Connection',
    'Proxy-Anything',
    'Mcp-Session-Id',
    'Mcp-Protocol-Version',
    'MCP-Param-Region',
    'Last-Event-ID',
    'Forwarded',
    'X-Forwarded-For',
    'X-Forwarded-User',
    'X-Real-IP',
    'Via',
    'Origin',
    'Sec-Fetch-Site',
    'X-Authenticated-User',
    'X-CSRF-Token',
    '',
    'X Tenant',
    'X_Tenant',
    'X-Tenant:',
    'X-Tenant\r\nHost',
    'Ⅹ-Tenant',
    'x'.repeat(129),
  ])('refuses %s, in any case', (name) => {
    for (const spelled of [name, name.toLowerCase(), name.toUpperCase()]) {
      expect(passthroughFault(spelled)).toBeTypeOf('string');
      expect(globalPassthroughFault(spelled)).toBeTypeOf('string');
    }
  });

  it('leaves X-Upstream-Authorization to the gateways one by one', () => {
    expect(passthroughFault('X-Upstream-Authorization')).toBeUndefined();
    expect(globalPassthroughFault('X-Upstream-Authorization')).toContain('each gateway');
  });
});

describe(toHeaderNames, () => {
  it('takes a list or text, each name once', () => {
    expect(names(' X-A, x-b ,X-a,,')).toEqual(['X-A', 'x-b']);
    expect(names(['X-A', 'x-a'])).toEqual(['X-A']);
    expect(names('')).toEqual([]);
  });

  it.each([[7], [[7]], [{}], ['x,'.repeat(10_000)]])('leaves the rest to the rules: %j', (value) => {
    expect(names(value)).toBe(value);
  });
});
