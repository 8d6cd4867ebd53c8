import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { User } from '../../../src/auth/accounts/user.entity.js';
import { PersonalTeams } from '../../../src/teams/personal-teams.js';
import { joinTeam } from '../../fixtures/join-team.js';
import { addUser } from '../../fixtures/people.js';
import { ADMIN, RunningGateway } from '../../fixtures/running-gateway.js';
import { SHARED_SECRET, signedToken } from '../../fixtures/signed-token.js';

const RED = 'a'.repeat(32);
const BLUE = 'b'.repeat(32);
const NOTHING = 'f'.repeat(32);

describe('roles over REST', () => {
  let running: RunningGateway;
  let ann: User;
  let delegate: User;
  let number = 0;

  beforeAll(async () => {
    running = await RunningGateway.start({ JWT_SECRET_KEY: SHARED_SECRET });
    delegate = await addUser(running, 'delegate@example.com');
    await give(
      delegate.email,
      await make({ permissions: ['admin.user_management', 'tools.create'], name: 'delegates' }),
    );
  });
  afterAll(() => running.stop());
  beforeEach(async () => {
    ann = await addUser(running, `ann.${(number += 1)}@example.com`);
    await joinTeam(running.gateway.app.get(DataSource), RED, [ann]);
  });

  const session = ({ id }: User) => signedToken({ sub: id, token_use: 'session' });
  const wish = (more: object = {}) => ({
    name: `role ${(number += 1)}`,
    scope: 'global',
    permissions: ['tags.read'],
    ...more,
  });
  async function make(more: object = {}): Promise<string> {
    const { status, body } = await running.rest('POST', '/rbac/roles', wish(more));
    expect([status, body.detail]).toEqual([200, undefined]);
    return body.id;
  }
  const assign = (email: string, body: object, token?: string) =>
    running.rest('POST', `/rbac/users/${email}/roles`, body, token);
  async function give(email: string, roleId: string, more: object = {}) {
    const { status, body } = await assign(email, { role_id: roleId, scope: 'global', ...more });
    expect([status, body.detail]).toEqual([200, undefined]);
    return body;
  }
  const revoke = (email: string, roleId: string, query = '', token?: string) =>
    running.rest('DELETE', `/rbac/users/${email}/roles/${roleId}${query}`, undefined, token);
  const named = async (name: string): Promise<string> =>
    (await running.rest('GET', '/rbac/roles')).body.find((role: { name: string }) => role.name === name).id;
  const permissionsOf = async (user: User): Promise<string[]> =>
    (await running.rest('GET', '/rbac/my/permissions', undefined, session(user))).body;

  describe('makes, shows, changes and deletes them', () => {
    it('with what they grant together with the roles they inherit from', async () => {
      const parent = await make({ permissions: ['teams.*'] });
      const { status, body } = await running.rest(
        'POST',
        '/rbac/roles',
        wish({
          name: '  My role ',
          description: 'what for',
          inherits_from: parent.toUpperCase(),
          is_system_role: false,
        }),
      );
      expect(status).toBe(200);
      expect(body).toEqual({
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        name: 'My role',
        description: 'what for',
        scope: 'global',
        permissions: ['tags.read'],
        effective_permissions: [
          'tags.read',
          'teams.create',
          'teams.delete',
          'teams.join',
          'teams.manage_members',
          'teams.read',
          'teams.update',
        ],
        inherits_from: parent,
        created_by: ADMIN.email,
        is_system_role: false,
        is_active: true,
        created_at: expect.any(String),
        updated_at: expect.any(String),
      });
      expect((await running.rest('GET', `/rbac/roles/${body.id}`)).body).toEqual(body);
      const changed = await running.rest('PUT', `/rbac/roles/${body.id}`, {
        name: 'Ours',
        permissions: [],
        inherits_from: null,
      });
      expect(changed.body).toMatchObject({
        name: 'Ours',
        description: 'what for',
        effective_permissions: [],
        inherits_from: null,
      });
      expect((await running.rest('DELETE', `/rbac/roles/${body.id}`)).body).toEqual({
        message: 'Role deleted successfully',
      });
      for (const method of ['GET', 'DELETE'])
        expect(await running.rest(method, `/rbac/roles/${body.id}`)).toMatchObject({
          status: 404,
          body: { detail: 'Role not found' },
        });
      expect((await running.rest('PUT', `/rbac/roles/${NOTHING}`, {})).status).toBe(404);
    });

    it('in lists by scope, without those that are switched off', async () => {
      const [on, off] = [await make({ scope: 'team' }), await make({ scope: 'team' })];
      await running.rest('PUT', `/rbac/roles/${off}`, { is_active: false });
      const ids = async (query: string): Promise<string[]> =>
        (await running.rest('GET', `/rbac/roles${query}`)).body.map(({ id }: { id: string }) => id);
      expect(await ids('')).toContain(on);
      expect(await ids('')).not.toContain(off);
      expect(await ids('?active_only=false&scope=team')).toEqual(expect.arrayContaining([on, off]));
      expect(await ids('?scope=global')).not.toContain(on);
      expect((await running.rest('GET', '/rbac/roles?scope=galaxy')).status).toBe(422);
    });

    it('knows the five that are built in, and leaves them as they are', async () => {
      const { body } = await running.rest('GET', '/rbac/roles');
      const system = body.filter((role: { is_system_role: boolean }) => role.is_system_role);
      expect(system.map(({ name, scope }: { name: string; scope: string }) => `${name} ${scope}`)).toEqual([
        'developer team',
        'platform_admin global',
        'platform_viewer global',
        'team_admin team',
        'viewer team',
      ]);
      for (const { id } of system) {
        expect(await running.rest('PUT', `/rbac/roles/${id}`, { description: 'x' })).toMatchObject({
          status: 400,
          body: { detail: 'Cannot modify system roles' },
        });
        expect(await running.rest('DELETE', `/rbac/roles/${id}`)).toMatchObject({
          status: 400,
          body: { detail: 'Cannot delete system roles' },
        });
      }
    });

    it.each<[string, object, string | RegExp]>([
      [
        'unknown permissions',
        { permissions: ['tools.read', 'tools.dance', 'x'] },
        'permissions: Invalid permissions: ["tools.dance","x"]',
      ],
      [
        'platform permissions in a team',
        { scope: 'team', permissions: ['tools.read', 'admin.*'] },
        /^permissions: A role of scope team cannot have .*: admin\.user_management, admin\.security_audit, admin\.system_config, admin\.plugins, admin\.oauth_clients, admin\.sso_providers:create, admin\.sso_providers:read, admin\.sso_providers:update, admin\.sso_providers:delete$/,
      ],
      [
        'everything over one’s own things',
        { scope: 'personal', permissions: ['*'] },
        /^permissions: A role of scope personal/,
      ],
      ['a name that is taken', { name: 'viewer' }, 'name: A role with this name already exists'],
      ['a parent that is not there', { inherits_from: NOTHING }, 'inherits_from: Parent role not found'],
    ])('refuses %s', async (_, more, detail) => {
      const answer = await running.rest('POST', '/rbac/roles', wish(more));
      expect(answer.status).toBe(400);
      expect(answer.body.detail).toMatch(detail);
    });

    it.each<[string, object]>([
      ['a scope that there is not', { scope: 'galaxy' }],
      ['no name', { name: ' ' }],
      ['a name with markup', { name: '<b>' }],
      ['too many permissions', { permissions: Array.from({ length: 101 }, () => 'tags.read') }],
      ['one more of the system', { is_system_role: true }],
      ['a creator', { created_by: 'somebody@example.com' }],
    ])('refuses %s by its form', async (_, more) => {
      expect((await running.rest('POST', '/rbac/roles', wish(more))).status).toBe(422);
    });

    it('refuses circles, long lines, and what a team’s role can’t inherit', async () => {
      const ids = [await make({ scope: 'team' })];
      for (let length = 2; length <= 10; length += 1)
        ids.push(await make({ scope: 'team', inherits_from: ids.at(-1) }));
      const [first, second] = ids;
      const say = async (id: string | undefined, parent: string | undefined) =>
        (await running.rest('PUT', `/rbac/roles/${id}`, { inherits_from: parent })).body.detail;
      expect(await say(first, first)).toBe('inherits_from: The role would inherit from itself');
      expect(await say(first, ids.at(-1))).toBe('inherits_from: The role would inherit from itself');
      expect(
        (await running.rest('POST', '/rbac/roles', wish({ scope: 'team', inherits_from: ids.at(-1) }))).body.detail,
      ).toContain('At most 10');
      const top = await make({ scope: 'team' });
      expect(await say(first, top)).toContain('At most 10');
      expect(await say(second, await named('platform_admin'))).toBe(
        'inherits_from: A role of scope team cannot inherit from one of scope global',
      );
      expect((await running.rest('DELETE', `/rbac/roles/${first}`)).body.detail).toMatch(
        /^Cannot delete the role: role \d+ inherits from it$/,
      );
    });

    it('for nobody but administrators whom nothing narrows', async () => {
      const id = await make();
      const writes = (token: string) =>
        Promise.all([
          running.rest('POST', '/rbac/roles', wish({ permissions: ['*'] }), token),
          running.rest('PUT', `/rbac/roles/${id}`, { permissions: ['*'] }, token),
          running.rest('DELETE', `/rbac/roles/${id}`, undefined, token),
        ]);
      const tokens = [
        session(ann),
        session(delegate),
        signedToken({ sub: ADMIN.email, teams: [] }),
        signedToken({ sub: ADMIN.email, token_use: 'session', teams: [RED] }),
        signedToken({ sub: ADMIN.email, teams: null, scopes: { permissions: ['admin.*'] } }),
      ];
      for (const token of tokens) for (const { status } of await writes(token)) expect(status).toBe(403);
      expect((await running.rest('GET', `/rbac/roles/${id}`)).body.permissions).toEqual(['tags.read']);
      expect((await running.rest('GET', '/rbac/roles', undefined, session(delegate))).status).toBe(200);
      expect((await running.rest('GET', '/rbac/roles', undefined, session(ann))).status).toBe(403);
    });

    it('takes a role that is deleted or switched off from all who hold it, at once', async () => {
      for (const end of [
        (id: string) => running.rest('PUT', `/rbac/roles/${id}`, { is_active: false }),
        (id: string) => running.rest('DELETE', `/rbac/roles/${id}`),
      ]) {
        const id = await make({ permissions: ['tools.create'] });
        await give(ann.email, id);
        expect(await permissionsOf(ann)).toContain('tools.create');
        expect((await end(id)).status).toBe(200);
        expect(await permissionsOf(ann)).not.toContain('tools.create');
      }
    });
  });

  describe('gives and takes them', () => {
    it('at once, and shows from where each is', async () => {
      const id = await make({ permissions: ['tools.create'] });
      expect(await permissionsOf(ann)).not.toContain('tools.create');
      const expires = new Date(Date.now() + 3_600_000).toISOString();
      const given = await give(ann.email.toUpperCase(), id, { expires_at: expires });
      expect(given).toEqual({
        id: expect.any(String),
        user_email: ann.email,
        role_id: id,
        role_name: expect.any(String),
        scope: 'global',
        scope_id: null,
        granted_by: ADMIN.email,
        granted_at: expect.any(String),
        expires_at: expires,
        is_active: true,
        grant_source: 'manual',
      });
      expect(await permissionsOf(ann)).toContain('tools.create');
      const sources = (roles: { role_name: string; scope_id: string | null; grant_source: string }[]) =>
        roles.map(({ role_name: name, scope_id: team, grant_source: source }) => [name, team, source]);
      const all = [
        ['platform_viewer', null, 'default'],
        ['viewer', RED, 'membership'],
        [given.role_name, null, 'manual'],
      ];
      expect(sources((await running.rest('GET', `/rbac/users/${ann.email}/roles`)).body)).toEqual(all);
      expect(sources((await running.rest('GET', '/rbac/my/roles', undefined, session(ann))).body)).toEqual(all);
      expect(sources((await running.rest('GET', `/rbac/users/${ann.email}/roles?scope=team`)).body)).toEqual([all[1]]);
      const narrowed = signedToken({ sub: ann.id, teams: [] });
      expect(sources((await running.rest('GET', '/rbac/my/roles', undefined, narrowed)).body)).toEqual([
        all[0],
        all[2],
      ]);
      expect((await revoke(ann.email, id)).body).toEqual({ message: 'Role revoked successfully' });
      expect(await permissionsOf(ann)).not.toContain('tools.create');
      expect(await revoke(ann.email, id)).toMatchObject({ status: 404, body: { detail: 'Role assignment not found' } });
    });

    it('in a team, where alone it counts', async () => {
      const id = await make({ scope: 'team', permissions: ['tools.create'] });
      await give(ann.email, id, { scope: 'team', scope_id: RED });
      const inTeam = async (team: string) =>
        (await running.rest('GET', `/rbac/permissions/user/${ann.email}?team_id=${team}`)).body;
      await joinTeam(running.gateway.app.get(DataSource), BLUE, [ann]);
      expect(await inTeam(RED)).toContain('tools.create');
      expect(await inTeam(BLUE)).not.toContain('tools.create');
      expect(await inTeam(NOTHING)).toMatchObject({ detail: 'Team not found' });
      expect((await revoke(ann.email, id, '?scope=team')).status).toBe(400);
      expect((await revoke(ann.email, id, `?scope=team&scope_id=${BLUE}`)).status).toBe(404);
      expect((await revoke(ann.email, id, `?scope=team&scope_id=${RED}`)).status).toBe(200);
      expect(await inTeam(RED)).not.toContain('tools.create');
    });

    it('but not what the settings and memberships give', async () => {
      const [viewer, everybody] = [await named('viewer'), await named('platform_viewer')];
      expect((await revoke(ann.email, everybody)).body.detail).toContain('DEFAULT_USER_ROLE');
      expect((await revoke(ann.email, viewer, `?scope=team&scope_id=${RED}`)).body.detail).toContain('membership');
      expect((await revoke(ann.email, viewer, `?scope=team&scope_id=${BLUE}`)).status).toBe(404);
    });

    it.each<[string, (role: string, team: string) => object, RegExp]>([
      ['a role that is not there', () => ({ role_id: NOTHING, scope: 'global' }), /^role_id: Role not found/],
      [
        'another scope than the role’s',
        (role) => ({ role_id: role, scope: 'personal' }),
        /^scope: The role .* has scope global: it can’t be given with scope personal/,
      ],
      ['a team without a team', (_, team) => ({ role_id: team, scope: 'team' }), /^scope_id: required/],
      [
        'a team for what has none',
        (role) => ({ role_id: role, scope: 'global', scope_id: RED }),
        /^scope_id: not for scope global/,
      ],
      [
        'a team that is not there',
        (_, team) => ({ role_id: team, scope: 'team', scope_id: NOTHING }),
        /^scope_id: Team not found/,
      ],
      [
        'an end that has come',
        (role) => ({ role_id: role, scope: 'global', expires_at: '2020-01-01T00:00:00Z' }),
        /^expires_at: must be in the future/,
      ],
    ])('refuses %s', async (_, body, detail) => {
      const answer = await assign(ann.email, body(await make(), await make({ scope: 'team' })));
      expect(answer.status).toBe(400);
      expect(answer.body.detail).toMatch(detail);
    });

    it('refuses strangers to the team, unknown accounts, what is given already, and times without a zone', async () => {
      const [role, team] = [await make(), await make({ scope: 'team' })];
      const stranger = await addUser(running, `stranger.${number}@example.com`);
      expect((await assign(stranger.email, { role_id: team, scope: 'team', scope_id: RED })).body.detail).toBe(
        'scope_id: The user is not a member of this team',
      );
      expect(await assign('nobody@example.com', { role_id: role, scope: 'global' })).toMatchObject({
        status: 404,
        body: { detail: 'User not found' },
      });
      await give(ann.email, role);
      expect((await assign(ann.email, { role_id: role, scope: 'global' })).body.detail).toBe(
        'Role already assigned to user',
      );
      expect(
        (await assign(ann.email, { role_id: role, scope: 'global', expires_at: '2099-01-01T00:00:00' })).status,
      ).toBe(422);
      expect((await assign(ann.email, { role_id: role, scope: 'global', granted_by: 'x' })).status).toBe(422);
    });

    it('lets nobody give or take what he does not hold there himself', async () => {
      const token = session(delegate);
      const [held, more, everything] = [
        await make({ permissions: ['tools.create'] }),
        await make({ permissions: ['tools.create', 'tools.delete'] }),
        await make({ permissions: ['*'] }),
      ];
      expect((await assign(ann.email, { role_id: held, scope: 'global' }, token)).status).toBe(200);
      for (const who of [ann, delegate])
        for (const role of [more, everything, await named('platform_admin')]) {
          const answer = await assign(who.email, { role_id: role, scope: 'global' }, token);
          expect(answer).toMatchObject({
            status: 403,
            body: { detail: expect.stringContaining('what you do not hold there yourself: ') },
          });
        }
      await give(ann.email, more);
      expect((await revoke(ann.email, more, '', token)).status).toBe(403);
      expect((await revoke(ann.email, held, '', token)).status).toBe(200);
      expect(await permissionsOf(delegate)).not.toContain('tools.delete');
    });

    it('lets nobody become an administrator by managing accounts', async () => {
      const token = session(delegate);
      const path = `/auth/email/admin/users/${delegate.email}`;
      expect((await running.rest('PATCH', path, { is_admin: true }, token)).status).toBe(403);
      expect(
        (
          await running.rest(
            'PATCH',
            `/auth/email/admin/users/${ADMIN.email}`,
            { password: 'A very long password indeed 42!' },
            token,
          )
        ).status,
      ).toBe(403);
      const admin = { email: 'new@example.com', password: 'A very long password indeed 42!', is_admin: true };
      expect((await running.rest('POST', '/auth/email/admin/users', admin, token)).status).toBe(403);
      expect((await running.rest('PATCH', path, { full_name: 'Del' }, token)).status).toBe(200);
    });

    describe('lets nobody take over an account that holds more than he does', () => {
      const PASSWORD = 'Nobody has used this one yet, 42!';
      let bob: User;

      beforeEach(async () => {
        bob = await addUser(running, `bob.${(number += 1)}@example.com`);
      });

      const manage = (method: string, { email }: User, body?: object, token = session(delegate)) =>
        running.rest(method, `/auth/email/admin/users/${email}`, body, token);

      it('by its password, by switching it off and on, or by making it anew', async () => {
        const role = await make({ permissions: ['tools.create', 'tools.delete'] });
        await give(bob.email, role);
        for (const isActive of [true, false]) {
          expect(
            (await running.rest('PATCH', `/auth/email/admin/users/${bob.email}`, { is_active: isActive })).status,
          ).toBe(200);
          for (const body of [{ password: PASSWORD }, { is_active: !isActive }, { full_name: 'Bob' }])
            expect(await manage('PATCH', bob, body)).toMatchObject({
              status: 403,
              body: { detail: expect.stringMatching(/holds more than you do: tools\.delete$/) },
            });
          expect((await manage('DELETE', bob)).status).toBe(403);
        }
        expect((await revoke(bob.email, role)).status).toBe(200);
        expect((await manage('PATCH', bob, { password: PASSWORD, is_active: true })).status).toBe(200);
        expect((await manage('DELETE', bob)).status).toBe(200);
      });

      it('through what it holds in a team of others, but for its own personal team', async () => {
        expect((await manage('PATCH', ann, { password: PASSWORD })).body.detail).toContain('tools.execute');
        await running.gateway.app.get(PersonalTeams).ensure(bob);
        expect((await manage('PATCH', bob, { password: PASSWORD })).status).toBe(200);
      });

      it('with a credential that is less than its user', async () => {
        for (const scopes of [
          { permissions: ['admin.user_management'] },
          { ip_restrictions: ['127.0.0.0/8', '::1/128'] },
        ]) {
          const token = signedToken({ sub: delegate.id, token_use: 'session', scopes });
          for (const user of [bob, delegate])
            expect((await manage('PATCH', user, { password: PASSWORD }, token)).status).toBe(403);
          expect((await running.rest('GET', '/rbac/roles', undefined, token)).status).toBe(200);
        }
      });
    });

    it('is for user managers whose credential nothing narrows', async () => {
      const body = { role_id: await make(), scope: 'global' };
      for (const token of [
        session(ann),
        signedToken({ sub: delegate.id, teams: [] }),
        signedToken({ sub: ADMIN.email, teams: [RED] }),
      ]) {
        expect((await assign(ann.email, body, token)).status).toBe(403);
        expect((await running.rest('GET', `/rbac/users/${ann.email}/roles`, undefined, token)).status).toBe(403);
        expect((await revoke(ann.email, body.role_id, '', token)).status).toBe(403);
      }
      expect(
        (
          await assign(
            ann.email,
            body,
            signedToken({ sub: ADMIN.email, teams: null, scopes: { permissions: ['admin.user_management'] } }),
          )
        ).status,
      ).toBe(403);
    });
  });

  describe('in a team, by its owners', () => {
    let owner: User;
    let path: string;
    beforeEach(async () => {
      owner = await addUser(running, `owner.${(number += 1)}@example.com`);
      const team = number.toString(16).padStart(32, 'c');
      const database = running.gateway.app.get(DataSource);
      await joinTeam(database, team, [owner], 'owner');
      await joinTeam(database, team, [ann]);
      path = `/teams/${team}/roles`;
    });

    it('gives members roles of the team, shows them and takes them back', async () => {
      const given = await running.rest('POST', path, { user_email: ann.email, role: 'developer' }, session(owner));
      expect(given).toMatchObject({
        status: 201,
        body: {
          user_email: ann.email,
          role_name: 'developer',
          scope: 'team',
          is_active: true,
          granted_by: owner.email,
          grant_source: 'manual',
        },
      });
      const team = path.split('/')[2];
      const allowed = async () =>
        (await running.rest('GET', `/rbac/my/permissions?team_id=${team}`, undefined, session(ann))).body;
      expect(await allowed()).toContain('tools.create');
      expect((await running.rest('GET', path, undefined, session(owner))).body).toEqual([given.body]);
      expect((await running.rest('DELETE', `/teams/${RED}/roles/${given.body.id}`)).status).toBe(404);
      expect((await running.rest('DELETE', `${path}/${given.body.id}`, undefined, session(owner))).body).toEqual({
        message: 'Role revoked successfully',
      });
      expect(await allowed()).not.toContain('tools.create');
      expect((await running.rest('DELETE', `${path}/${given.body.id}`, undefined, session(owner))).status).toBe(404);
    });

    it.each<[string, object, number]>([
      ['a role that holds everywhere', { role: 'platform_viewer' }, 400],
      ['everything', { role: 'platform_admin' }, 400],
      ['a role that is not there', { role: 'captain' }, 400],
      ['no role', {}, 422],
      ['an end that has come', { role: 'viewer', expires_at: '2020-01-01T00:00:00Z' }, 400],
      ['somebody who is no member', { user_email: 'delegate@example.com', role: 'viewer' }, 404],
      ['nobody', { user_email: 'nobody@example.com', role: 'viewer' }, 404],
      ['another team in the body', { role: 'viewer', scope_id: RED }, 422],
    ])('does not give %s', async (_, more, status) => {
      const answer = await running.rest('POST', path, { user_email: ann.email, ...more }, session(owner));
      expect([answer.status, (await running.rest('GET', path)).body]).toEqual([status, []]);
    });

    it('is for owners of that very team, not for members and strangers', async () => {
      const body = { user_email: ann.email, role: 'viewer' };
      const token = session(ann);
      expect([
        (await running.rest('GET', path, undefined, token)).status,
        (await running.rest('POST', path, body, token)).status,
      ]).toEqual([403, 403]);
      const foreign = `/teams/${RED}/roles`;
      expect([
        (await running.rest('GET', foreign, undefined, session(owner))).status,
        (await running.rest('POST', foreign, body, session(owner))).status,
      ]).toEqual([404, 404]);
      expect((await running.rest('GET', `/teams/${NOTHING}/roles`)).status).toBe(404);
      expect((await running.rest('GET', path, undefined, signedToken({ sub: owner.id, teams: [RED] }))).status).toBe(
        403,
      );
    });

    it('does not give what the owner does not hold there', async () => {
      const id = await make({ scope: 'team', permissions: ['tools.delete'] });
      const capped = signedToken({
        sub: owner.id,
        token_use: 'session',
        scopes: { permissions: ['teams.manage_members'] },
      });
      expect((await running.rest('POST', path, { user_email: ann.email, role_id: id }, capped)).status).toBe(403);
      expect((await running.rest('POST', path, { user_email: ann.email, role_id: id }, session(owner))).status).toBe(
        201,
      );
    });
  });
});
