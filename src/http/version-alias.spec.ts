import { describe, expect, it } from 'vitest';
import { withoutVersion } from './version-alias.js';

describe(withoutVersion.name, () => {
  it.each([
    ['/v1/tools', '/tools'],
    ['/v1/tools/?a=/v1/b', '/tools/?a=/v1/b'],
    ['/v1/servers/a/mcp', '/servers/a/mcp'],
    ['/v1/v1/tools', '/v1/tools'],
    ['/v1/', '/'],
    ['/v1', '/'],
    ['/v1?a=b', '/?a=b'],
    ['/v1//tools', '//tools'],
  ])('reads %s as %s', (given, target) => {
    expect(withoutVersion(given)).toBe(target);
  });

  it.each([
    '/tools',
    '/V1/tools',
    '/%761/tools',
    '/v%31/tools',
    '//v1/tools',
    '/v10/tools',
    '/v1x',
    '/v1;a/tools',
    '/v2/tools',
    '/./v1/tools',
    '*',
    '',
  ])('leaves %j as it is', (target) => {
    expect(withoutVersion(target)).toBe(target);
  });
});
