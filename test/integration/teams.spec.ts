import type { TestingModule } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Principal } from '#libs/policy';
import { User } from '../../src/auth/accounts/user.entity.js';
import { UserRepository } from '../../src/auth/accounts/user.repository.js';
import { type Change, ChangeBus } from '../../src/changes/change-bus.js';
import { newId } from '../../src/database/new-id.js';
import { FormerAccounts } from '../../src/teams/former-accounts.js';
import { InvitationAcceptance } from '../../src/teams/invitation-acceptance.js';
import { InvitationService } from '../../src/teams/invitation.service.js';
import { JoinRequestService } from '../../src/teams/join-request.service.js';
import { MemberService } from '../../src/teams/member.service.js';
import { PersonalTeams } from '../../src/teams/personal-teams.js';
import { TeamInvitation } from '../../src/teams/team-invitation.entity.js';
import { TeamJoinRequest } from '../../src/teams/team-join-request.entity.js';
import { TeamMemberHistory } from '../../src/teams/team-member-history.entity.js';
import { TeamMember } from '../../src/teams/team-member.entity.js';
import { TeamReader } from '../../src/teams/team-reader.js';
import { Team } from '../../src/teams/team.entity.js';
import { TeamService } from '../../src/teams/team.service.js';
import { administrator, memberOf, somebody } from '../fixtures/principals.js';
import { openTeams } from '../fixtures/teams/open-teams.js';
import { onEveryDatabase } from './on-every-database.js';

const PARALLEL = 50;

interface Person {
  readonly email: string;
  readonly user: User;
  readonly caller: Principal;
}

describe('teams', () => {
  onEveryDatabase((database) => {
    let teams: TestingModule;
    let people = 0;

    const open = async (variables: Readonly<Record<string, string>> = {}): Promise<void> => {
      await teams?.close();
      teams = await openTeams(database.dataSource, variables);
    };
    beforeEach(() => open());
    afterEach(() => teams.close());

    const person = async (): Promise<Person> => {
      const email = `person${(people += 1)}@example.com`;
      const users = new UserRepository(database.dataSource.getRepository(User));
      const user = await users.create({ email, passwordHash: 'none', fullName: null, isAdmin: false });
      return { email, user, caller: somebody(email, memberOf(), { userId: user.id }) };
    };
    const crowd = async (size: number): Promise<Person[]> => {
      const all: Person[] = [];
      while (all.length < size) all.push(await person());
      return all;
    };
    const found = ({ caller }: Person, more: object = {}): Promise<Team> =>
      teams.get(TeamService).create(caller, { name: `Team ${newId()}`, visibility: 'private', ...more });
    const membersOf = (teamId: string) => database.dataSource.manager.findBy(TeamMember, { teamId });
    const invite = async (owner: Person, team: Team, { email }: Person): Promise<string> =>
      (await teams.get(InvitationService).invite(owner.caller, team.id, email, 'member')).token;
    const accept = ({ caller }: Person, token: string) => teams.get(InvitationAcceptance).accept(caller, token);
    const succeeded = (settled: readonly PromiseSettledResult<unknown>[]): number =>
      settled.filter(({ status }) => status === 'fulfilled').length;
    const refusals = (settled: readonly PromiseSettledResult<unknown>[]): Set<unknown> =>
      new Set(settled.flatMap((result) => (result.status === 'rejected' ? [(result.reason as Error).message] : [])));

    it(`keep their quota when ${PARALLEL} accept at once`, async () => {
      const owner = await person();
      const team = await found(owner);
      const guests = await crowd(PARALLEL);
      const tokens: string[] = [];
      for (const guest of guests) tokens.push(await invite(owner, team, guest));
      await teams.get(TeamService).update(owner.caller, team.id, { max_members: 8 });
      const settled = await Promise.allSettled(guests.map((guest, index) => accept(guest, tokens[index] ?? '')));
      expect(succeeded(settled)).toBe(7);
      expect(refusals(settled)).toEqual(new Set(['Team has reached its maximum of members and open invitations']));
      expect(await membersOf(team.id)).toHaveLength(8);
      const accepted = await database.dataSource.manager.findBy(TeamInvitation, { teamId: team.id });
      expect(accepted.filter(({ acceptedAt }) => acceptedAt !== null)).toHaveLength(7);
    });

    it(`keep their quota when ${PARALLEL} are invited, added and let in at once`, async () => {
      const owner = await person();
      const team = await found(owner, { visibility: 'public', max_members: 11 });
      const guests = await crowd(PARALLEL);
      const requests = await Promise.all(
        guests.map(async (guest, index) =>
          index % 3 === 2 ? teams.get(JoinRequestService).ask(guest.caller, team.id, undefined) : undefined,
        ),
      );
      const settled = await Promise.allSettled(
        guests.map((guest, index): Promise<unknown> => {
          const request = requests[index]?.request;
          if (request) return teams.get(JoinRequestService).approve(owner.caller, team.id, request.id);
          if (index % 3 === 1) return invite(owner, team, guest);
          return teams.get(MemberService).add(owner.caller, team.id, guest.email, 'member');
        }),
      );
      expect(succeeded(settled)).toBe(10);
      const invited = await database.dataSource.manager.countBy(TeamInvitation, { teamId: team.id });
      expect((await membersOf(team.id)).length + invited).toBe(11);
    });

    it(`keep the quota of a user who founds ${PARALLEL} at once`, async () => {
      await open({ MAX_TEAMS_PER_USER: '5' });
      const founder = await person();
      await teams.get(PersonalTeams).ensure(founder.user);
      const settled = await Promise.allSettled(Array.from({ length: PARALLEL }, () => found(founder)));
      expect(succeeded(settled)).toBe(5);
      expect(refusals(settled)).toEqual(new Set(['User has reached the maximum of 5 teams (MAX_TEAMS_PER_USER)']));
      const mine = await teams.get(TeamReader).list(founder.caller, { limit: 100, skip: 0 });
      expect(mine.teams).toHaveLength(6);
    });

    it('keep the quota of a user whom many teams take in at once', async () => {
      await open({ MAX_TEAMS_PER_USER: '3' });
      const guest = await person();
      const owners = await crowd(9);
      const rows = await Promise.all(owners.map((owner) => found(owner)));
      const settled = await Promise.allSettled(
        rows.map((team, index) => {
          const owner = owners[index];
          if (!owner) throw new Error('no owner');
          return teams.get(MemberService).add(owner.caller, team.id, guest.email, 'member');
        }),
      );
      expect(succeeded(settled)).toBe(3);
      expect(await database.dataSource.manager.countBy(TeamMember, { userId: guest.user.id })).toBe(3);
    });

    it('take a token once, however often it comes at once', async () => {
      const [owner, guest] = [await person(), await person()];
      const team = await found(owner);
      const token = await invite(owner, team, guest);
      const settled = await Promise.allSettled(Array.from({ length: 20 }, () => accept(guest, token)));
      expect(succeeded(settled)).toBe(1);
      expect(refusals(settled)).toEqual(new Set(['Invalid or expired invitation']));
      expect(await membersOf(team.id)).toHaveLength(2);
    });

    it('invite an address once, however often at once', async () => {
      const [owner, guest] = [await person(), await person()];
      const team = await found(owner);
      const settled = await Promise.allSettled(Array.from({ length: 10 }, () => invite(owner, team, guest)));
      expect(succeeded(settled)).toBe(1);
      expect(refusals(settled)).toEqual(new Set(['An active invitation already exists for this email']));
    });

    it('take one request of a user, however often at once, and another once that is decided', async () => {
      const [owner, guest] = [await person(), await person()];
      const team = await found(owner, { visibility: 'public' });
      const service = teams.get(JoinRequestService);
      const ask = () => service.ask(guest.caller, team.id, 'please');
      const settled = await Promise.allSettled(Array.from({ length: 10 }, ask));
      expect(succeeded(settled)).toBe(1);
      const { requests } = await service.list(owner.caller, team.id, { limit: 10, skip: 0 });
      expect(requests).toHaveLength(1);
      await service.reject(owner.caller, team.id, requests[0]?.id ?? '');
      const { request } = await ask();
      const decisions = await Promise.allSettled([
        service.approve(owner.caller, team.id, request.id),
        service.reject(owner.caller, team.id, request.id),
        service.withdraw(guest.caller, team.id),
      ]);
      expect(succeeded(decisions)).toBe(1);
    });

    it('take a new request once the last has expired', async () => {
      const [owner, guest] = [await person(), await person()];
      const team = await found(owner, { visibility: 'public' });
      const service = teams.get(JoinRequestService);
      const { request } = await service.ask(guest.caller, team.id, undefined);
      await database.dataSource.manager.update(TeamJoinRequest, { id: request.id }, { expiresAt: new Date(0) });
      await expect(service.approve(owner.caller, team.id, request.id)).rejects.toThrow('Join request has expired');
      const again = await service.ask(guest.caller, team.id, undefined);
      const rows = await database.dataSource.manager.findBy(TeamJoinRequest, { teamId: team.id });
      expect(new Map(rows.map(({ id, status }) => [id, status]))).toEqual(
        new Map([
          [request.id, 'cancelled'],
          [again.request.id, 'pending'],
        ]),
      );
    });

    it.each([
      ['leave', (service: MemberService, { caller }: Person, team: Team) => service.leave(caller, team.id)],
      [
        'give up their role',
        (service: MemberService, { caller, email }: Person, team: Team) =>
          service.changeRole(caller, team.id, email, 'member'),
      ],
      [
        'demote each other',
        (service: MemberService, { caller }: Person, team: Team, other: Person) =>
          service.changeRole(caller, team.id, other.email, 'member'),
      ],
      [
        'remove each other',
        (service: MemberService, { caller }: Person, team: Team, other: Person) =>
          service.remove(caller, team.id, other.email),
      ],
    ] as const)('keep an owner when two of two owners %s at once', async (_, act) => {
      for (let round = 0; round < 5; round += 1) {
        const [ann, bob] = [await person(), await person()];
        const team = await found(ann);
        const service = teams.get(MemberService);
        await service.add(ann.caller, team.id, bob.email, 'owner');
        const settled = await Promise.allSettled<unknown>([act(service, ann, team, bob), act(service, bob, team, ann)]);
        expect(succeeded(settled)).toBe(1);
        const owners = (await membersOf(team.id)).filter(({ role }) => role === 'owner');
        expect(owners).toHaveLength(1);
      }
    });

    it('let nobody promote himself while he is demoted', async () => {
      for (let round = 0; round < 5; round += 1) {
        const [ann, bob] = [await person(), await person()];
        const team = await found(ann);
        const service = teams.get(MemberService);
        await service.add(ann.caller, team.id, bob.email, 'owner');
        await Promise.allSettled([
          service.changeRole(ann.caller, team.id, bob.email, 'member'),
          service.changeRole(bob.caller, team.id, bob.email, 'owner'),
        ]);
        const rows = await membersOf(team.id);
        expect(rows.find(({ userId }) => userId === bob.user.id)?.role).toBe('member');
      }
    });

    it(`let no member make himself owner, ${PARALLEL} times at once, nor while he leaves`, async () => {
      const [ann, bob] = [await person(), await person()];
      const team = await found(ann);
      const service = teams.get(MemberService);
      await service.add(ann.caller, team.id, bob.email, 'member');
      const promote = () => service.changeRole(bob.caller, team.id, bob.email, 'owner');
      const settled = await Promise.allSettled(Array.from({ length: PARALLEL }, promote));
      expect(refusals(settled)).toEqual(new Set(['Access denied']));
      const [left, ...tries] = await Promise.allSettled([service.leave(bob.caller, team.id), promote(), promote()]);
      expect([left?.status, succeeded(tries)]).toEqual(['fulfilled', 0]);
      expect(await membersOf(team.id)).toMatchObject([{ userId: ann.user.id, role: 'owner' }]);
    });

    it('keep an owner, and no role of one who left, when a member leaves while he is promoted', async () => {
      for (let round = 0; round < 5; round += 1) {
        const [ann, bob] = [await person(), await person()];
        const team = await found(ann);
        const service = teams.get(MemberService);
        await service.add(ann.caller, team.id, bob.email, 'member');
        const settled = await Promise.allSettled<unknown>([
          service.changeRole(ann.caller, team.id, bob.email, 'owner'),
          service.leave(bob.caller, team.id),
          service.changeRole(ann.caller, team.id, ann.email, 'member'),
        ]);
        const rows = await membersOf(team.id);
        expect(rows.filter(({ role }) => role === 'owner')).toHaveLength(1);
        const bobs = rows.find(({ userId }) => userId === bob.user.id);
        if (settled[1]?.status === 'fulfilled') expect(bobs).toBeUndefined();
        else expect(bobs).toMatchObject({ role: 'owner' });
      }
    });

    it('give a user one personal team, however often it is asked for at once', async () => {
      const { user } = await person();
      const personal = teams.get(PersonalTeams);
      const ids = await Promise.all(Array.from({ length: 10 }, () => personal.ensure(user)));
      expect(new Set(ids).size).toBe(1);
      const rows = await database.dataSource.manager.findBy(Team, { personalOf: user.id });
      expect(rows).toMatchObject([
        { id: ids[0], isPersonal: true, visibility: 'private', slug: expect.stringMatching(/^personal-person/) },
      ]);
      expect(await membersOf(ids[0] ?? '')).toMatchObject([{ userId: user.id, role: 'owner' }]);
    });

    it('give no personal teams where the settings say so', async () => {
      await open({ AUTO_CREATE_PERSONAL_TEAMS: 'false' });
      const { user } = await person();
      expect(await teams.get(PersonalTeams).ensure(user)).toBeUndefined();
      expect(await database.dataSource.manager.countBy(Team, { personalOf: user.id })).toBe(0);
    });

    it('have slugs of their own, also when many take the same name at once', async () => {
      const founders = await crowd(6);
      const rows = await Promise.all(founders.map((founder) => found(founder, { name: 'Équipe  Rouge!' })));
      const slugs = rows.map(({ slug }) => slug);
      expect(new Set(slugs).size).toBe(6);
      expect(slugs).toContain('equipe-rouge');
      for (const slug of slugs) expect(slug).toMatch(/^equipe-rouge(-[0-9a-f]{8})?$/);
    });

    it('tell every cache who is concerned, once it is so', async () => {
      const [owner, guest] = [await person(), await person()];
      const changes: Change[] = [];
      teams.get(ChangeBus).subscribe((change) => changes.push(change));
      const heard = (): string[] =>
        changes.splice(0).map((change) => (change.kind === 'user_changed' ? change.userId : change.kind));
      const team = await found(owner, { visibility: 'public' });
      expect(heard()).toEqual([owner.user.id]);
      const service = teams.get(MemberService);
      await accept(guest, await invite(owner, team, guest));
      expect(heard()).toEqual([guest.user.id]);
      await service.changeRole(owner.caller, team.id, guest.email, 'owner');
      expect(heard()).toEqual([guest.user.id]);
      await service.leave(guest.caller, team.id);
      expect(heard()).toEqual([guest.user.id]);
      const { request } = await teams.get(JoinRequestService).ask(guest.caller, team.id, undefined);
      expect(heard()).toEqual([]);
      await teams.get(JoinRequestService).approve(owner.caller, team.id, request.id);
      expect(heard()).toEqual([guest.user.id]);
      await expect(service.leave(owner.caller, team.id)).rejects.toThrow('you may be the last owner');
      expect(heard()).toEqual([]);
      await teams.get(TeamService).delete(owner.caller, team.id);
      expect(heard().toSorted()).toEqual([owner.user.id, guest.user.id].toSorted());
    });

    it('end for everybody: members, invitations, requests and the slug, but not the history', async () => {
      const [owner, invited, asking] = [await person(), await person(), await person()];
      const team = await found(owner, { visibility: 'public', name: `Ending ${newId()}` });
      const token = await invite(owner, team, invited);
      await teams.get(JoinRequestService).ask(asking.caller, team.id, undefined);
      await teams.get(TeamService).delete(owner.caller, team.id);
      expect(await membersOf(team.id)).toEqual([]);
      await expect(accept(invited, token)).rejects.toThrow('Invalid or expired invitation');
      await expect(teams.get(TeamReader).get(administrator, team.id)).rejects.toThrow('Team not found');
      expect(await database.dataSource.manager.countBy(TeamJoinRequest, { teamId: team.id, status: 'pending' })).toBe(
        0,
      );
      const history = await database.dataSource.manager.findBy(TeamMemberHistory, { teamId: team.id });
      expect(history.map(({ action }) => action).toSorted()).toEqual(['added', 'removed']);
      expect((await found(asking, { name: team.name })).slug).toBe(team.slug);
    });

    it('forget an account that was deleted, even a last owner', async () => {
      const [leaver, other] = [await person(), await person()];
      const personal = await teams.get(PersonalTeams).ensure(leaver.user);
      const [led, joined, asked] = [
        await found(leaver),
        await found(other),
        await found(other, { visibility: 'public' }),
      ];
      await teams.get(MemberService).add(other.caller, joined.id, leaver.email, 'member');
      await teams.get(JoinRequestService).ask(leaver.caller, asked.id, undefined);
      const token = await invite(leaver, led, other);
      await teams.get(FormerAccounts).forget(leaver.user.id, administrator);
      await teams.get(FormerAccounts).forget(leaver.user.id, administrator);
      const { manager } = database.dataSource;
      expect(await manager.countBy(TeamMember, { userId: leaver.user.id })).toBe(0);
      expect(await manager.countBy(TeamJoinRequest, { pendingFor: leaver.user.id })).toBe(0);
      expect(await manager.findOneBy(Team, { id: personal ?? '' })).toMatchObject({
        isActive: false,
        personalOf: null,
      });
      await expect(accept(other, token)).rejects.toThrow('Invalid or expired invitation');
      const named = await teams.get(MemberService).add(administrator, led.id, other.email, 'owner');
      expect(named).toMatchObject({ role: 'owner', invitedBy: administrator.userId });
    });

    it('withdraw what an owner promised who is one no more', async () => {
      const [owner, rogue, accomplice] = [await person(), await person(), await person()];
      const team = await found(owner);
      await teams.get(MemberService).add(owner.caller, team.id, rogue.email, 'owner');
      const token = await invite(rogue, team, accomplice);
      await teams.get(MemberService).remove(owner.caller, team.id, rogue.email);
      await expect(accept(accomplice, token)).rejects.toThrow('Invalid or expired invitation');
    });

    it('page their members with a cursor, skipping and repeating nobody', async () => {
      const owner = await person();
      const team = await found(owner);
      const guests = await crowd(6);
      await Promise.all(
        guests.map(({ email }) => teams.get(MemberService).add(owner.caller, team.id, email, 'member')),
      );
      const seen: string[] = [];
      let cursor: { createdAt: number; id: string } | undefined;
      for (let pages = 0; pages < 9; pages += 1) {
        const { members, nextCursor } = await teams
          .get(MemberService)
          .list(owner.caller, team.id, { limit: 2, skip: 0, after: cursor });
        seen.push(...members.map(({ userId }) => userId));
        const last = members.at(-1);
        if (nextCursor === undefined || !last) break;
        cursor = { createdAt: last.joinedAt.getTime(), id: last.id };
      }
      expect(seen.toSorted()).toEqual([owner, ...guests].map(({ user }) => user.id).toSorted());
    });
  });
});
