import { describe, expect, it } from 'vitest';
import type { RoleAssignment } from './role-assignment.entity.js';
import { RoleBook } from './role-book.js';
import { LONGEST_LINE, lineFault } from './role-rules.js';
import { Role } from './role.entity.js';

const role = (id: string, inheritsFrom: string | null = null, more: Partial<Role> = {}): Role =>
  Object.assign(
    new Role(),
    { id, name: `role ${id}`, scope: 'team', permissions: [], inheritsFrom, isActive: true },
    more,
  );
const given = (roleId: string, more: Partial<RoleAssignment> = {}): RoleAssignment => ({
  id: 'x',
  userId: 'ann',
  roleId,
  scope: 'team',
  scopeId: 'red',
  grantedBy: null,
  grantedAt: new Date(),
  expiresAt: null,
  source: 'manual',
  ...more,
});

describe(RoleBook.name, () => {
  it('ends a line where a circle closes, and where a role is not there', () => {
    const [a, b, c] = [role('a', 'b'), role('b', 'c'), role('c', 'b')];
    expect(new RoleBook([a, b, c]).lineOf(a).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(new RoleBook([a]).lineOf(a).map(({ id }) => id)).toEqual(['a']);
  });

  it('adds up what a line grants', () => {
    const [a, b] = [
      role('a', 'b', { permissions: ['tags.read'] }),
      role('b', null, { permissions: ['teams.read', 'nonsense'] }),
    ];
    expect([...new RoleBook([a, b]).permissionsOf(a)].sort()).toEqual(['tags.read', 'teams.read']);
    expect([...new RoleBook([a]).permissionsOf(a)]).toEqual(['tags.read']);
  });

  it('holds a role where it was given', () => {
    const book = new RoleBook([role('a')]);
    expect(book.given(given('a'))).toMatchObject({ name: 'role a', scope: 'team', teamId: 'red', source: 'manual' });
    expect(book.given(given('a', { scope: 'personal', scopeId: '' }))).toMatchObject({
      scope: 'personal',
      teamId: null,
    });
    expect(book.given(given('b'))).toBeUndefined();
    expect(book.held('role a', 'default')).toMatchObject({ scope: 'global', teamId: null, source: 'default' });
    expect(book.held('role a', 'membership', 'red')).toMatchObject({ scope: 'team', teamId: 'red' });
    expect(book.held('role b', 'default')).toBeUndefined();
  });
});

describe(lineFault.name, () => {
  it('takes a parent that was switched off since, but no new one that is', () => {
    const [child, off] = [role('child', 'off'), role('off', null, { isActive: false })];
    expect(lineFault(child, [child, off], 'off')).toBeUndefined();
    expect(lineFault(child, [child, off], 'other')).toBe('inherits_from: Parent role not found');
    expect(lineFault(child, [child], 'off')).toBe('inherits_from: Parent role not found');
  });

  it('counts those below too', () => {
    const line = Array.from({ length: LONGEST_LINE }, (_, index) =>
      role(`${index}`, index === 0 ? null : `${index - 1}`),
    );
    const top = role('top');
    expect(lineFault(line.at(-1) ?? top, line)).toBeUndefined();
    const moved = role('0', 'top');
    expect(lineFault(moved, [moved, ...line.slice(1), top])).toContain(`At most ${LONGEST_LINE}`);
  });
});
