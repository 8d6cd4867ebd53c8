import { beforeAll, describe, expect, it } from 'vitest';
import { User } from '../../src/auth/accounts/user.entity.js';
import { UserRepository } from '../../src/auth/accounts/user.repository.js';
import { TeamMember } from '../../src/teams/team-member.entity.js';
import { TeamMemberships } from '../../src/teams/team-memberships.js';
import { Team } from '../../src/teams/team.entity.js';
import { joinTeam } from '../fixtures/join-team.js';
import { onEveryDatabase } from './on-every-database.js';

describe('who belongs to which teams', () => {
  onEveryDatabase((database) => {
    let ann: User;
    let bob: User;
    let memberships: TeamMemberships;

    beforeAll(async () => {
      const { dataSource } = database;
      const users = new UserRepository(dataSource.getRepository(User));
      const account = { passwordHash: 'none', fullName: null, isAdmin: false };
      ann = await users.create({ ...account, email: 'ann@example.com' });
      bob = await users.create({ ...account, email: 'bob@example.com' });
      memberships = new TeamMemberships(dataSource.getRepository(TeamMember));
      for (const team of ['red', 'blue', 'grey']) await joinTeam(dataSource, team, [ann, bob]);
      await dataSource.getRepository(TeamMember).update({ teamId: 'blue', userId: ann.id }, { isActive: false });
      await dataSource.getRepository(TeamMember).update({ teamId: 'red', userId: bob.id }, { role: 'owner' });
      await dataSource.getRepository(Team).update({ id: 'grey' }, { isActive: false });
    });

    it('counts active members of teams that are on', async () => {
      expect([...(await memberships.of(ann.id))]).toMatchObject([['red', { role: 'member', personal: false }]]);
      const ofBob = await memberships.of(bob.id);
      expect([...ofBob.keys()].sort()).toEqual(['blue', 'red']);
      expect(ofBob.get('red')?.role).toBe('owner');
      expect(ofBob.get('blue')?.role).toBe('member');
      expect([...(await memberships.of('f'.repeat(32)))]).toEqual([]);
    });
  });
});
