import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRoleFile, readRoleFile, RoleFileError } from './role-file.js';

const ROLE = '{ name: a, scope: team, permissions: [tools.read] }';

describe(parseRoleFile.name, () => {
  const faults = (text: string): string[] => {
    try {
      parseRoleFile(text, 'roles.yaml');
      return [];
    } catch (error) {
      expect(error).toBeInstanceOf(RoleFileError);
      return (error as Error).message
        .split('\n')
        .slice(1)
        .map((line) => line.replace('  - ', ''));
    }
  };

  it.each(['', '{}', 'roles:', 'roles: []\nassignments: []', `roles: [${ROLE}]`])('takes %j', (text) => {
    expect(faults(text)).toEqual([]);
  });

  it.each<[string, string | RegExp]>([
    ['- a', 'must be a mapping with roles and assignments'],
    ['text', 'must be a mapping with roles and assignments'],
    ['role: []', 'role: property role should not exist'],
    ['roles: {}', 'roles: roles must be an array'],
    ['roles: [1]', /^roles\[0\]: /],
    ['roles: [{ scope: team, permissions: [] }]', /^roles\[0\]\.name: /],
    ['roles: [{ name: a, scope: galaxy, permissions: [] }]', /^roles\[0\]\.scope: /],
    ['roles: [{ name: a, scope: team, permissions: tools.read }]', /^roles\[0\]\.permissions: /],
    ['roles: [{ name: a, scope: team, permissions: [], is_system_role: true }]', /^roles\[0\]\.is_system_role: /],
    ['roles: [{ name: a, scope: team, permissions: [], id: x }]', /^roles\[0\]\.id: property id should not exist/],
    [
      'roles: [{ name: a, scope: team, permissions: [tools.dance] }]',
      'roles[0].permissions: Invalid permissions: ["tools.dance"]',
    ],
    [
      'roles: [{ name: a, scope: team, permissions: [admin.system_config] }]',
      /^roles\[0\]\.permissions: A role of scope team/,
    ],
    ['roles: [{ name: viewer, scope: team, permissions: [] }]', 'roles[0].name: viewer is built in'],
    [`roles: [${ROLE}, ${ROLE}]`, 'roles[1].name: a is there already'],
    [
      'assignments: [{ user_email: x, role: a, scope: global }]',
      'assignments[0].user_email: user_email is not an e-mail address',
    ],
    [
      'assignments: [{ user_email: a@b.cd, role: a, scope: team }]',
      'assignments[0].team: for scope team, and only for that',
    ],
    [
      'assignments: [{ user_email: a@b.cd, role: a, scope: global, team: x }]',
      'assignments[0].team: for scope team, and only for that',
    ],
    [
      'assignments: [{ user_email: a@b.cd, role: a, scope: global, expires_at: tomorrow }]',
      /^assignments\[0\]\.expires_at: /,
    ],
    ['roles: [', /./],
    ['roles: []\nroles: []', /unique/i],
    ['roles: &a []\nassignments: *a', 'aliases are not taken'],
  ])('says of %j where and what is wrong, in a line', (text, fault) => {
    const [first = '', ...more] = faults(text);
    if (typeof fault === 'string') expect([first, ...more]).toEqual([fault]);
    else expect(first).toMatch(fault);
  });

  it('tells several faults at once, but not endlessly many', () => {
    const bad = '{ name: a, scope: galaxy, permissions: [] }';
    expect(faults(`roles: [${Array.from({ length: 100 }, () => bad).join()}]`)).toHaveLength(20);
  });

  it('takes the address of an account as accounts have it', () => {
    const { assignments } = parseRoleFile('assignments: [{ user_email: " Ann@Example.com ", role: a, scope: global }]');
    expect(assignments?.[0]?.user_email).toBe('ann@example.com');
  });
});

describe(readRoleFile.name, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'portcullis-role-file-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('reads the sample that comes along', () => {
    const { roles, assignments } = readRoleFile(resolve(import.meta.dirname, '../../../config/roles.yaml'));
    expect(roles?.map(({ name, scope, inherits_from: parent }) => [name, scope, parent])).toEqual([
      ['auditor', 'global', 'platform_viewer'],
      ['prompt_editor', 'team', 'viewer'],
    ]);
    expect(assignments).toEqual([]);
  });

  it('says what it can’t read', () => {
    expect(() => readRoleFile(join(folder, 'none.yaml'))).toThrow(
      /none\.yaml \(MCPGATEWAY_BOOTSTRAP_ROLES_IN_DB_FILE\) can't be used:\n.*can't be read: ENOENT/,
    );
    const large = join(folder, 'large.yaml');
    writeFileSync(large, '#'.repeat(1_048_577));
    expect(() => readRoleFile(large)).toThrow('larger than 1048576 bytes');
  });
});
