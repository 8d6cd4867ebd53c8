import { describe, expect, it } from 'vitest';
import { shownUrl } from './upstream-url.js';

describe(shownUrl.name, () => {
  it('masks the values of a query, and nothing else', () => {
    expect(shownUrl('https://mcp.example.com/mcp')).toBe('https://mcp.example.com/mcp');
    expect(shownUrl('https://mcp.example.com/mcp?key=s3cret&flag&b=')).toBe(
      'https://mcp.example.com/mcp?key=*****&flag&b=*****',
    );
  });
});
