import { describe, expect, it } from 'vitest';
import { administrator, holding, memberOf, narrowedTo, somebody } from '../../../test/fixtures/principals.js';
import { decide } from './decide.js';
import { expandPermissions, type Permission, PERMISSIONS } from './permissions.js';
import type { Principal } from './principal.js';
import { SENDER_CONSTRAINTS, type SenderConstraint } from './sender-constraint.js';
import { ALL_TEAMS, PUBLIC_ONLY, type TeamScope } from './team-scope.js';
import type { OwnedRow } from './visibility.js';

const ANN = 'ann@example.com';
const EVERY = Object.keys(PERMISSIONS) as Permission[];
const NOTHING = holding();
const capped = (...patterns: string[]) => ({ timeRules: [], permissions: expandPermissions(patterns) });
const row = (
  visibility: OwnedRow['visibility'],
  ownerEmail: string | null,
  teamId: string | null = null,
): OwnedRow => ({
  visibility,
  ownerEmail,
  teamId,
});
const HIDDEN = row('private', 'bob@example.com');

describe(decide.name, () => {
  it.each(EVERY)('grants %s to an administrator and to a holder, and to nobody else', (action) => {
    const { grants: _, ...rest } = administrator;
    expect(decide({ ...rest, grants: NOTHING }, action)).toEqual({ allowed: true, reason: 'admin' });
    expect(decide(somebody(ANN, memberOf()), action)).toEqual({ allowed: true, reason: 'granted' });
    expect(decide(somebody(ANN, memberOf(), { grants: NOTHING }), action)).toEqual({
      allowed: false,
      reason: 'permission_missing',
    });
  });

  it('asks the cap of the token first, of administrators too', () => {
    const admin = { ...administrator, restrictions: capped('tools.read') };
    const nobody = somebody(ANN, PUBLIC_ONLY, { grants: NOTHING, restrictions: capped('tools.read') });
    for (const principal of [admin, nobody]) {
      expect(decide(principal, 'tools.execute', HIDDEN).reason).toBe('token_permission_scope');
    }
    expect(decide(admin, 'tools.read').allowed).toBe(true);
  });

  it('grants nothing by a cap', () => {
    const principal = somebody(ANN, memberOf(), { grants: NOTHING, restrictions: capped('*') });
    expect(decide(principal, 'tools.read').reason).toBe('permission_missing');
  });

  it('denies everything under a cap of which nothing is known', () => {
    for (const action of EVERY) {
      expect(decide({ ...administrator, restrictions: capped('nonsense') }, action).allowed).toBe(false);
    }
  });

  it('asks the roles before the row', () => {
    const principal = somebody(ANN, memberOf(), { grants: NOTHING });
    expect(decide(principal, 'gateways.update', HIDDEN).reason).toBe('permission_missing');
  });

  it('asks visibility before ownership', () => {
    expect(decide(somebody(ANN, memberOf()), 'gateways.update', HIDDEN).reason).toBe('not_visible');
  });

  it('treats an administrator whose credential is narrowed as an ordinary user', () => {
    for (const teams of [PUBLIC_ONLY, narrowedTo('red'), memberOf('red')]) {
      const admin = somebody(ANN, teams, { isAdmin: true, grants: NOTHING });
      for (const action of EVERY) expect(decide(admin, action).allowed).toBe(false);
      const holder = { ...admin, grants: holding('*') };
      expect(decide(holder, 'gateways.update', row('public', 'bob@example.com')).reason).toBe('not_owner');
    }
  });

  it('lets owners change what is theirs, and administrators what they see', () => {
    const ann = somebody(ANN, memberOf('red'));
    for (const action of ['gateways.update', 'gateways.delete', 'servers.update', 'servers.delete'] as const) {
      expect(decide(ann, action, row('public', ANN)).reason).toBe('granted');
      expect(decide(ann, action, row('public', 'bob@example.com')).reason).toBe('not_owner');
      expect(decide(ann, action, row('team', 'bob@example.com', 'red')).reason).toBe('not_owner');
      expect(decide(ann, action, row('public', null)).reason).toBe('not_owner');
      expect(decide(administrator, action, row('public', null)).reason).toBe('admin');
      expect(decide(administrator, action, HIDDEN).reason).toBe('not_visible');
    }
  });

  it('asks no ownership of those who only look or call', () => {
    const ann = somebody(ANN, memberOf());
    for (const action of EVERY.filter((name) => !/\.(update|delete)$/.test(name))) {
      expect(decide(ann, action, row('public', 'bob@example.com')).reason).toBe('granted');
    }
  });

  it('does not let an owner without a name change what nobody owns', () => {
    expect(decide(somebody('', memberOf()), 'gateways.update', row('public', null)).reason).toBe('not_owner');
  });

  it('lets nobody use a server whose credential is not bound as the server wants it', () => {
    const open = row('public', 'bob@example.com');
    const bindings = {
      none: undefined,
      dpop: { jkt: 'key' },
      mtls: { x5t: 'hash' },
      both: { jkt: 'key', x5t: 'hash' },
    };
    const takes = {
      none: ['none', 'dpop', 'mtls', 'both'],
      dpop: ['dpop', 'both'],
      mtls: ['mtls', 'both'],
      any: ['dpop', 'mtls', 'both'],
    } as const;
    for (const senderConstrained of SENDER_CONSTRAINTS) {
      const server = { ...open, senderConstrained };
      for (const principal of [administrator, somebody(ANN, memberOf())]) {
        const taken = Object.entries(bindings).filter(
          ([, binding]) => decide({ ...principal, ...(binding && { binding }) }, 'servers.use', server).allowed,
        );
        expect(taken.map(([name]) => name)).toEqual(takes[senderConstrained]);
        expect(decide(principal, 'servers.update', server).reason).not.toBe('sender_constraint');
      }
    }
    const unknown = { ...open, senderConstrained: 'of a later build' as SenderConstraint };
    const bound = { ...administrator, binding: bindings.both };
    expect(decide(bound, 'servers.use', unknown)).toEqual({ allowed: false, reason: 'sender_constraint' });
    // A server that is hidden is not told by what it wants.
    expect(decide(somebody(ANN, memberOf()), 'servers.use', { ...HIDDEN, senderConstrained: 'dpop' }).reason).toBe(
      'not_visible',
    );
  });

  it('never widens for a principal that should not exist', () => {
    const kind = { kind: 'everything' as string, ids: new Set(['red']), narrowed: false } as TeamScope;
    const exotic: Principal[] = [
      somebody(ANN, kind, { isAdmin: true, grants: NOTHING }),
      somebody(ANN, ALL_TEAMS, { grants: NOTHING }),
    ];
    for (const principal of exotic) {
      for (const action of EVERY) expect(decide(principal, action, row('public', ANN)).allowed).toBe(false);
    }
  });

  it('changes neither the principal nor the row, and hands out answers nobody can change', () => {
    const principal = Object.freeze(somebody(ANN, Object.freeze(memberOf('red'))));
    const answer = decide(principal, 'tools.read', Object.freeze(row('public', ANN)));
    expect(Object.isFrozen(answer)).toBe(true);
  });
});
