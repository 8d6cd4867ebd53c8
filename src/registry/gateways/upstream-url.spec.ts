import { describe, expect, it } from 'vitest';
import { shownUrl, upstreamUrlFault } from './upstream-url.js';

describe(upstreamUrlFault.name, () => {
  it.each(['https://mcp.example.com/mcp', 'http://localhost:9000/mcp?key=a%20b', 'http://[2001:db8::1]/mcp'])(
    'takes %s',
    (url) => {
      expect(upstreamUrlFault(url)).toBeUndefined();
    },
  );

  it.each([
    '',
    7,
    'mcp.example.com',
    '//mcp.example.com/mcp',
    'ftp://mcp.example.com/',
    'javascript:alert(1)',
    'https://user:word@mcp.example.com/',
    'https://user@mcp.example.com/',
    'https://mcp.example.com/#part',
    'https://mcp.example.com/a b',
    'https://mcp.example.com/\r\nX: y',
    'https://mcp.example.com/<script>',
    'https:\\\\mcp.example.com/',
    'https://',
    `https://mcp.example.com/${'x'.repeat(2048)}`,
  ])('refuses %j', (url) => {
    expect(upstreamUrlFault(url)).toEqual(expect.any(String));
  });
});

describe(shownUrl.name, () => {
  it('masks the values of a query, and nothing else', () => {
    expect(shownUrl('https://mcp.example.com/mcp')).toBe('https://mcp.example.com/mcp');
    expect(shownUrl('https://mcp.example.com/mcp?key=s3cret&flag&b=')).toBe(
      'https://mcp.example.com/mcp?key=*****&flag&b=*****',
    );
  });
});
