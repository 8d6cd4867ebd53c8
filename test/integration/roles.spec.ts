import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ALL_TEAMS, BUILT_IN_ROLES, type Permission, PUBLIC_ONLY, type TeamScope } from '#libs/policy';
import { AuditTrail } from '../../src/audit/trail/audit-trail.js';
import { AccountTeamUsers } from '../../src/auth/accounts/account-team-users.js';
import { User } from '../../src/auth/accounts/user.entity.js';
import { UserRepository } from '../../src/auth/accounts/user.repository.js';
import { type Change, InProcessChangeBus } from '../../src/changes/change-bus.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { AssignmentService, MOST_ROLES_OF_USER } from '../../src/rbac/assignments/assignment.service.js';
import type { AssignmentWish } from '../../src/rbac/assignments/assignment-wish.js';
import { FileRoles } from '../../src/rbac/bootstrap/file-roles.js';
import { RolesAtStart } from '../../src/rbac/bootstrap/roles-at-start.js';
import { RbacSettings } from '../../src/rbac/rbac.settings.js';
import { RoleAssignment } from '../../src/rbac/roles/role-assignment.entity.js';
import { RoleGrants } from '../../src/rbac/roles/role-grants.js';
import { Role } from '../../src/rbac/roles/role.entity.js';
import { RoleService } from '../../src/rbac/roles/role.service.js';
import { SystemRoles } from '../../src/rbac/roles/system-roles.js';
import { TeamMember } from '../../src/teams/team-member.entity.js';
import { TeamMemberships } from '../../src/teams/team-memberships.js';
import { Team } from '../../src/teams/team.entity.js';
import { joinTeam } from '../fixtures/join-team.js';
import { administrator, memberOf, narrowedTo } from '../fixtures/principals.js';
import { settingsOf } from '../fixtures/settings-of.js';
import { onEveryDatabase } from './on-every-database.js';

describe('roles and who holds them', () => {
  onEveryDatabase((database) => {
    const bus = new InProcessChangeBus();
    const heard: Change[] = [];
    let folder: string;
    let dataSource: DataSource;
    let ann: User;
    let team: string;
    let number = 0;

    beforeAll(() => {
      Logger.overrideLogger(false);
      bus.subscribe((change) => heard.push(change));
      folder = mkdtempSync(join(tmpdir(), 'portcullis-roles-'));
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    beforeEach(async () => {
      ({ dataSource } = database);
      await new SystemRoles(dataSource.getRepository(Role)).onModuleInit();
      ann = await addUser(`ann.${(number += 1)}@example.com`);
      team = `team ${number}`;
      await joinTeam(dataSource, team, [ann]);
      heard.length = 0;
    });

    const addUser = (email: string): Promise<User> =>
      new UserRepository(dataSource.getRepository(User)).create({
        email,
        passwordHash: 'none',
        fullName: null,
        isAdmin: false,
      });
    const unit = () => new UnitOfWork(dataSource);
    const roles = () => new RoleService(unit(), bus, settingsOf(RbacSettings), new AuditTrail());
    const assignments = () => {
      const users = new AccountTeamUsers(dataSource.getRepository(User));
      return new AssignmentService(unit(), bus, users, new AuditTrail(), dataSource);
    };
    const make = (more: object = {}): Promise<Role> =>
      roles().create(administrator, {
        name: `role ${(number += 1)}`,
        scope: 'global',
        permissions: ['tags.read'],
        ...more,
      });
    const wish = (role: Role, more: Partial<AssignmentWish> = {}): AssignmentWish => ({
      userId: ann.id,
      role: { id: role.id },
      scope: role.scope,
      scopeId: role.scope === 'team' ? team : '',
      expiresAt: null,
      ...more,
    });
    const give = (role: Role, more: Partial<AssignmentWish> = {}) =>
      assignments().assign(administrator, wish(role, more));
    const take = ({ id }: RoleAssignment) =>
      assignments().revoke(administrator, (manager) => manager.findOneBy(RoleAssignment, { id }));
    const grantsOf = (scope: TeamScope = memberOf(team), isAdmin = false) => {
      const memberships = new TeamMemberships(dataSource.getRepository(TeamMember));
      const grants = new RoleGrants(
        dataSource.getRepository(Role),
        dataSource.getRepository(RoleAssignment),
        memberships,
        settingsOf(RbacSettings),
      );
      return grants.of({ userId: ann.id, isAdmin }, scope);
    };
    const holds = async (permission: Permission, scope?: TeamScope): Promise<string> => {
      const { grants } = await grantsOf(scope);
      if (grants.everywhere.has(permission)) return 'everywhere';
      if (grants.inTeams.get(team)?.has(permission)) return 'in the team';
      return grants.personal.has(permission) ? 'over own things' : 'nowhere';
    };
    const member = () => ({ teamId: team, userId: ann.id });
    const members = () => dataSource.getRepository(TeamMember);

    describe('grant', () => {
      it('what the settings and the membership give, without any assignment', async () => {
        const { roles: held, ownedTeams } = await grantsOf();
        expect(held.map(({ name, scope, teamId, source }) => [name, scope, teamId, source])).toEqual([
          ['platform_viewer', 'global', null, 'default'],
          ['viewer', 'team', team, 'membership'],
        ]);
        expect(ownedTeams.size).toBe(0);
        await members().update(member(), { role: 'owner' });
        const owner = await grantsOf();
        expect(owner.roles[1]?.name).toBe('team_admin');
        expect([...owner.ownedTeams]).toEqual([team]);
      });

      it('an administrator everything, unless the credential is narrowed', async () => {
        expect((await grantsOf(ALL_TEAMS, true)).grants.everywhere.has('admin.system_config')).toBe(true);
        for (const scope of [PUBLIC_ONLY, narrowedTo(team)])
          expect((await grantsOf(scope, true)).grants.anywhere.has('admin.system_config')).toBe(false);
      });

      it('with what they inherit, and nothing of what is switched off', async () => {
        const top = await make({ permissions: ['tools.create'] });
        const middle = await make({ permissions: ['tools.update'], inherits_from: top.id });
        const role = await make({ permissions: ['tools.delete'], inherits_from: middle.id });
        await give(role);
        expect([await holds('tools.delete'), await holds('tools.update'), await holds('tools.create')]).toEqual([
          'everywhere',
          'everywhere',
          'everywhere',
        ]);
        await roles().change(administrator, middle.id, { is_active: false });
        expect([await holds('tools.delete'), await holds('tools.update'), await holds('tools.create')]).toEqual([
          'everywhere',
          'nowhere',
          'nowhere',
        ]);
        await roles().change(administrator, role.id, { is_active: false });
        expect(await holds('tools.delete')).toBe('nowhere');
      });

      it('in the place of each alone', async () => {
        await give(await make({ scope: 'team', permissions: ['tools.create'] }));
        await give(await make({ scope: 'personal', permissions: ['tools.update'] }));
        expect([await holds('tools.create'), await holds('tools.update')]).toEqual(['in the team', 'over own things']);
      });

      it('no more than a narrowed credential reaches', async () => {
        await joinTeam(dataSource, `${team}, too`, [ann]);
        await give(await make({ scope: 'team', permissions: ['tools.create'] }));
        await give(await make({ scope: 'personal', permissions: ['tools.update'] }));
        await give(await make({ permissions: ['tools.delete'] }));
        const all = (scope: TeamScope) =>
          Promise.all((['tools.create', 'tools.update', 'tools.delete'] as const).map((each) => holds(each, scope)));
        expect(await all(narrowedTo(team))).toEqual(['in the team', 'nowhere', 'everywhere']);
        expect(await all(narrowedTo(`${team}, too`))).toEqual(['nowhere', 'nowhere', 'everywhere']);
        expect(await all(PUBLIC_ONLY)).toEqual(['nowhere', 'nowhere', 'everywhere']);
      });

      it('nothing in a team that is left, that is switched off, or before a return', async () => {
        const role = await make({ scope: 'team', permissions: ['tools.create'] });
        const first = await give(role);
        expect(await holds('tools.create')).toBe('in the team');
        await dataSource.getRepository(Team).update({ id: team }, { isActive: false });
        expect(await holds('tools.create')).toBe('nowhere');
        await dataSource.getRepository(Team).update({ id: team }, { isActive: true });
        await members().delete(member());
        expect(await holds('tools.create')).toBe('nowhere');
        // As a replica whose clock is ahead would write it.
        await joinTeam(dataSource, team, [ann]);
        await members().update(member(), { joinedAt: new Date(first.grantedAt.getTime() + 60_000) });
        expect(await holds('tools.create')).toBe('nowhere');
        const second = await give(role);
        expect(await holds('tools.create')).toBe('in the team');
        expect(await dataSource.getRepository(RoleAssignment).findBy({ userId: ann.id })).toMatchObject([
          { id: second.id },
        ]);
      });

      it('until they end, and say when that is', async () => {
        const [soon, later] = [new Date(Date.now() + 60_000), new Date(Date.now() + 120_000)];
        const [role, other] = [
          await make({ permissions: ['tools.create'] }),
          await make({ permissions: ['tools.update'] }),
        ];
        const { id } = await give(role, { expiresAt: soon });
        await give(other, { expiresAt: later });
        expect((await grantsOf()).rolesUntil).toBe(soon.getTime());
        await dataSource.getRepository(RoleAssignment).update({ id }, { expiresAt: new Date() });
        expect([await holds('tools.create'), (await grantsOf()).rolesUntil]).toEqual(['nowhere', later.getTime()]);
        await give(role);
        expect(await holds('tools.create')).toBe('everywhere');
      });
    });

    it('are given once, however many give them at once, and tell the caches', async () => {
      const role = await make();
      heard.length = 0;
      const answers = await Promise.allSettled(Array.from({ length: 8 }, () => give(role)));
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const answer of answers)
        if (answer.status === 'rejected')
          expect(answer.reason).toMatchObject({ status: 400, message: 'Role already assigned to user' });
      expect(heard).toEqual([{ kind: 'user_changed', userId: ann.id }]);
      const row = await dataSource.getRepository(RoleAssignment).findOneByOrFail({ userId: ann.id });
      await take(row);
      await expect(take(row)).rejects.toMatchObject({ status: 404 });
      expect(heard).toHaveLength(2);
    });

    it('are not given any more once they are deleted', async () => {
      const role = await make();
      const [given, removed] = await Promise.allSettled([give(role), roles().remove(administrator, role.id)]);
      expect(removed.status).toBe('fulfilled');
      if (given.status === 'rejected')
        expect(given.reason).toMatchObject({ status: 400, message: 'role_id: Role not found' });
      expect(await dataSource.getRepository(RoleAssignment).countBy({ roleId: role.id })).toBe(0);
      expect(heard).toContainEqual({ kind: 'roles_changed' });
    });

    it('are bounded in number for each user', async () => {
      const rows = Array.from({ length: MOST_ROLES_OF_USER }, (_, index): RoleAssignment => ({
        id: `${index}`.padStart(16, 'x') + String(number).padStart(16, 'y'),
        userId: ann.id,
        roleId: '',
        scope: 'team',
        scopeId: `t${index}`,
        grantedBy: null,
        grantedAt: new Date(),
        expiresAt: null,
        source: 'manual',
      }));
      const viewer = await dataSource.getRepository(Role).findOneByOrFail({ name: 'viewer' });
      await dataSource
        .getRepository(RoleAssignment)
        .insert(rows.map((row) => Object.assign(row, { roleId: viewer.id })));
      await expect(give(await make())).rejects.toMatchObject({
        status: 400,
        message: `A user has at most ${MOST_ROLES_OF_USER} assigned roles`,
      });
    });

    it('never inherit in a circle, whoever closes it first', async () => {
      for (let round = 0; round < 5; round += 1) {
        const [a, b] = [await make(), await make()];
        const answers = await Promise.allSettled([
          roles().change(administrator, a.id, { inherits_from: b.id }),
          roles().change(administrator, b.id, { inherits_from: a.id }),
        ]);
        expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        const refused = answers.find((answer) => answer.status === 'rejected');
        expect(refused?.reason).toMatchObject({ message: 'inherits_from: The role would inherit from itself' });
      }
    });

    it('have one name each, whoever takes it first', async () => {
      const name = `same ${number}`;
      const answers = await Promise.allSettled(Array.from({ length: 4 }, () => make({ name })));
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await dataSource.getRepository(Role).countBy({ name })).toBe(1);
    });

    describe('of the system', () => {
      it('are there once, however many replicas start', async () => {
        const rows = dataSource.getRepository(Role);
        await rows.delete({ name: 'viewer' });
        await Promise.all(Array.from({ length: 6 }, () => new SystemRoles(rows).onModuleInit()));
        for (const name of Object.keys(BUILT_IN_ROLES)) expect([name, await rows.countBy({ name })]).toEqual([name, 1]);
      });

      it('are put right where somebody changed them in the database', async () => {
        const rows = dataSource.getRepository(Role);
        await rows.update({ name: 'viewer' }, { permissions: ['*'], isActive: false, isSystemRole: false });
        await new SystemRoles(rows).onModuleInit();
        expect(await rows.findOneBy({ name: 'viewer' })).toMatchObject({
          permissions: [...BUILT_IN_ROLES.viewer.permissions],
          isActive: true,
          isSystemRole: true,
        });
      });
    });

    describe('of the file', () => {
      const path = () => join(folder, `${number}.yaml`);
      const start = (variables: Record<string, string> = {}) => {
        const settings = settingsOf(RbacSettings, {
          MCPGATEWAY_BOOTSTRAP_ROLES_IN_DB_ENABLED: 'true',
          MCPGATEWAY_BOOTSTRAP_ROLES_IN_DB_FILE: path(),
          ...variables,
        });
        const users = new AccountTeamUsers(dataSource.getRepository(User));
        return new RolesAtStart(
          dataSource.getRepository(Role),
          new FileRoles(unit(), bus, users, settings),
          settings,
        ).onApplicationBootstrap();
      };
      const write = (text: string) => writeFileSync(path(), text);
      const name = () => `file role ${number}`;

      it('are made and given once by all replicas, and changed by the next file', async () => {
        const file = (permission: string, given: string) => `
          roles:
            - { name: child ${number}, scope: team, permissions: [tags.read], inherits_from: ${name()} }
            - { name: ${name()}, scope: team, permissions: [${permission}] }
          assignments: ${given}`;
        write(
          file(
            'tools.create',
            `[{ user_email: ${ann.email.toUpperCase()}, role: child ${number}, scope: team, team: ${team} }]`,
          ),
        );
        await Promise.all([start(), start(), start()]);
        const rows = dataSource.getRepository(RoleAssignment);
        const [given, ...more] = await rows.findBy({ userId: ann.id });
        expect([given?.source, given?.grantedBy, more]).toEqual(['bootstrap', null, []]);
        expect(await holds('tools.create')).toBe('in the team');
        await start();
        expect((await rows.findOneBy({ userId: ann.id }))?.id).toBe(given?.id);
        write(file('tools.update', '[]'));
        heard.length = 0;
        await start();
        expect(await rows.findBy({ userId: ann.id })).toEqual([]);
        expect(await dataSource.getRepository(Role).findOneBy({ name: name() })).toMatchObject({
          permissions: ['tools.update'],
          createdBy: null,
        });
        expect(heard).toEqual([{ kind: 'roles_changed' }]);
      });

      it('wait for accounts and memberships, and leave what people gave', async () => {
        const role = await make();
        const mine = await give(role);
        write(`{ assignments: [
          { user_email: nobody@example.com, role: ${role.name}, scope: global },
          { user_email: ${ann.email}, role: viewer, scope: team, team: elsewhere },
          { user_email: ${ann.email}, role: ${role.name}, scope: global } ] }`);
        await start();
        expect(await dataSource.getRepository(RoleAssignment).findBy({ userId: ann.id })).toMatchObject([
          { id: mine.id, source: 'manual' },
        ]);
      });

      it.each<[string, () => string, RegExp]>([
        [
          'a role that somebody made',
          () => `{ roles: [{ name: made ${number}, scope: global, permissions: [] }] }`,
          /roles\[0\]\.name: made \d+ was made by admin@example\.com/,
        ],
        [
          'a circle',
          () =>
            `{ roles: [{ name: a${number}, scope: global, permissions: [], inherits_from: b${number} }, { name: b${number}, scope: global, permissions: [], inherits_from: a${number} }] }`,
          /roles\[0\]\.inherits_from: The role would inherit from itself/,
        ],
        [
          'a parent that is not there',
          () => `{ roles: [{ name: a${number}, scope: global, permissions: [], inherits_from: nowhere }] }`,
          /roles\[0\]\.inherits_from: there is no role nowhere/,
        ],
        [
          'an assignment of no role',
          () =>
            `{ roles: [{ name: lost ${number}, scope: global, permissions: [] }], assignments: [{ user_email: a@b.cd, role: nowhere, scope: global }] }`,
          /assignments\[0\]\.role: there is no role nowhere/,
        ],
        [
          'an assignment of another scope',
          () => '{ assignments: [{ user_email: a@b.cd, role: platform_viewer, scope: personal }] }',
          /assignments\[0\]\.scope: platform_viewer has scope global/,
        ],
      ])('stop the start for %s, and nothing was written', async (_, text, fault) => {
        const made = `made ${number}`;
        await make({ name: made });
        const before = await dataSource.getRepository(Role).count();
        // `make` counts, too.
        write(text().replaceAll(/made \d+/g, made));
        await expect(start()).rejects.toThrow(fault);
        expect(await dataSource.getRepository(Role).count()).toBe(before);
      });

      it.each(['DEFAULT_USER_ROLE', 'DEFAULT_ADMIN_ROLE', 'DEFAULT_TEAM_OWNER_ROLE', 'DEFAULT_TEAM_MEMBER_ROLE'])(
        'are looked for by %s, which must name one',
        async (setting) => {
          write('{}');
          await expect(start({ [setting]: 'captain' })).rejects.toThrow(
            `${setting} names the role captain, which does not exist or is switched off`,
          );
          write(`{ roles: [{ name: ${name()}, scope: global, permissions: [tags.read] }] }`);
          await start({ [setting]: name() });
        },
      );
    });
  });
});
