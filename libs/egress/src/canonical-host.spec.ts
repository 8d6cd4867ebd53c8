import { describe, expect, it } from 'vitest';
import { canonicalHost } from './canonical-host.js';

describe(canonicalHost.name, () => {
  it.each([
    ['Example.COM', 'example.com'],
    ['example.com.', 'example.com'],
    ['ex%61mple.com', 'example.com'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['ｅｘａｍｐｌｅ。com', 'example.com'],
    ['127.1', '127.0.0.1'],
    ['0x7f.0.0.1.', '127.0.0.1'],
    ['::1', '::1'],
    ['[0:0:0:0:0:0:0:1]', '::1'],
    ['::ffff:127.0.0.1', '::ffff:7f00:1'],
  ])('reads %s as %s', (host, canonical) => {
    expect(canonicalHost(host)).toBe(canonical);
    expect(canonicalHost(canonical)).toBe(canonical);
  });

  it.each([
    '',
    '.',
    'a..b',
    '127.0.0.1..',
    '.a',
    'a b',
    'a/b',
    'a:8080',
    'u@a',
    'a?b',
    'a#b',
    'a\\b',
    '1.2.3.256',
    '[::1',
    '[::1]:80x',
  ])('finds no host in "%s"', (host) => {
    expect(canonicalHost(host)).toBeUndefined();
  });
});
