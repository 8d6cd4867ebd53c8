import { describe, expect, it } from 'vitest';
import { expandPermissions, type Permission, PERMISSIONS } from './permissions.js';
import { BUILT_IN_ROLES } from './roles.js';

const EVERY = Object.keys(PERMISSIONS) as Permission[];
const expanded = (...patterns: string[]): Permission[] => [...expandPermissions(patterns)].sort();

describe(expandPermissions.name, () => {
  it('gives everything for *', () => {
    expect(expanded('*')).toEqual(EVERY.toSorted());
  });

  it('gives nothing for nothing', () => {
    expect(expanded()).toEqual([]);
  });

  it.each(EVERY)('gives %s for its own name', (permission) => {
    expect(expandPermissions([permission]).has(permission)).toBe(true);
  });

  it('gives a category for category.*', () => {
    expect(expanded('gateways.*')).toEqual(['gateways.create', 'gateways.delete', 'gateways.read', 'gateways.update']);
  });

  it.each([
    ['tools.read', ['servers.use', 'tools.read']],
    ['resources.read', ['resources.read', 'servers.use']],
    ['prompts.*', ['prompts.create', 'prompts.delete', 'prompts.read', 'prompts.update', 'servers.use']],
  ])('lets %s open the endpoint that serves it', (pattern, permissions) => {
    expect(expanded(pattern)).toEqual(permissions);
  });

  it.each(['gateways.read', 'tokens.*', 'admin.*', 'servers.read'])('does not imply servers.use by %s', (pattern) => {
    expect(expandPermissions([pattern]).has('servers.use')).toBe(false);
  });

  it.each(
    [
      ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'constructor.*', '__proto__.*'],
      [
        '',
        '.',
        '.*',
        '*.*',
        '**',
        '*.read',
        'tools',
        'tools.',
        'tool.*',
        'tools*',
        'tools.*.*',
        'tools:*',
        'tools:read',
      ],
      ['Tools.read', 'TOOLS.*', ' tools.read', 'tools.read ', 'tools.read\n', 'tools.r', 'tools.reads', '.*tools.read'],
      ['tools.[a-z]+', '^tools', 'tools.read,tools.execute', '* ', 'a.*', 'server.*', 'servers.u*'],
    ].flat(),
  )('gives nothing for "%s"', (pattern) => {
    expect(expanded(pattern)).toEqual([]);
  });

  it('adds up, and does not change its patterns', () => {
    const patterns = Object.freeze(['tokens.read', 'tokens.read', 'nonsense', 'tools.read']);
    expect([...expandPermissions(patterns)].sort()).toEqual(['servers.use', 'tokens.read', 'tools.read']);
  });

  it('gives each caller a set of his own', () => {
    expect(expandPermissions(['*'])).not.toBe(expandPermissions(['*']));
  });
});

describe('BUILT_IN_ROLES', () => {
  it.each(Object.entries(BUILT_IN_ROLES))('%s names only permissions that exist', (_, { permissions: patterns }) => {
    for (const pattern of patterns) expect(expandPermissions([pattern]).size, pattern).toBeGreaterThan(0);
  });

  it('lets nobody but the administrator administer', () => {
    for (const [role, { permissions: patterns }] of Object.entries(BUILT_IN_ROLES)) {
      const admin = [...expandPermissions(patterns)].filter((permission) => permission.startsWith('admin.'));
      expect(admin.length > 0, role).toBe(role === 'platform_admin');
    }
  });

  it('does not let a platform viewer call tools or change anything but his tokens', () => {
    const held = expandPermissions(BUILT_IN_ROLES.platform_viewer.permissions);
    const changes = [...held].filter((permission) => /\.(create|update|delete|execute|revoke)$/.test(permission));
    expect(changes.sort()).toEqual(['tokens.create', 'tokens.revoke', 'tokens.update']);
  });
});
