import { describe, expect, it } from 'vitest';
import { resourceUriFault } from './resource-uri.js';

describe(resourceUriFault.name, () => {
  it.each([
    'test://a',
    'notes://team/2026/plan.md?v=1&w=%C3%A9#top',
    'https://example.com/a',
    'urn:isbn:1',
    'file:///srv/a.txt',
    'X-Y.z+1:a',
  ])('takes %s', (uri) => {
    expect(resourceUriFault(uri)).toBeUndefined();
  });

  it.each([
    [undefined, 'text'],
    [7, 'text'],
    ['', 'text'],
    ['plain/path', 'scheme'],
    ['/etc/passwd', 'scheme'],
    ['test://a b', 'only letters'],
    ['test://a\n', 'only letters'],
    ['test://{id}', 'only letters'],
    ['test://<script>', 'only letters'],
    ['test://a"b', 'only letters'],
    ['test://a\\b', 'only letters'],
    ['test://ä', 'only letters'],
    ['javascript:alert', 'javascript'],
    ['JavaScript:alert', 'javascript'],
    ['data:text/html,x', 'data'],
    ['file:///../etc/passwd', 'must not hold ..'],
    ['file:///%2e%2E/etc', 'must not hold ..'],
    ['file:///.%2e/etc', 'must not hold ..'],
    ['test://a%0d%0ab', 'control'],
    ['test://a%00', 'control'],
    ['test://a%7f', 'control'],
    ['test://100%', 'two hex digits'],
    ['test://%zz', 'two hex digits'],
    [`test://${'a'.repeat(2048)}`, '2048'],
  ])('refuses %j', (uri, rule) => {
    expect(resourceUriFault(uri)).toContain(rule);
  });
});
