import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { DataSource, type EntityManager, In } from 'typeorm';
import { GatewayError } from '../../http/errors.js';
import { MemberService } from '../../teams/member.service.js';
import type { Roster } from '../../teams/roster.js';
import { TeamChanges } from '../../teams/team-changes.js';
import { TeamMember, type TeamRole } from '../../teams/team-member.entity.js';
import { type TeamUser, TeamUsers } from '../../teams/team-users.js';
import { Team } from '../../teams/team.entity.js';
import type { ScimClient } from '../scim-client.js';
import { ScimSettings } from '../scim.settings.js';
import { ScimGroupMember } from './scim-group-member.entity.js';
import { ScimGroup } from './scim-group.entity.js';
import { ScimMembership } from './scim-membership.entity.js';

type Roles = ReadonlyMap<string, TeamRole>;

/**
 * Makes teams what their groups say. A membership that groups gave carries a mark, and only such a one is changed or taken
 * away here: whoever an owner let in stays as he is. Doing it twice is no fault, so what failed half-way is done the next time.
 */
@Injectable()
export class GroupMemberships implements OnApplicationBootstrap {
  readonly #log = new Logger(GroupMemberships.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly changes: TeamChanges,
    private readonly members: MemberService,
    private readonly users: TeamUsers,
    private readonly settings: ScimSettings,
  ) {}

  /** The settings may say otherwise than when the memberships were given. */
  async onApplicationBootstrap(): Promise<void> {
    if (!this.settings.enabled) return;
    const marked = await this.dataSource
      .createQueryBuilder(TeamMember, 'member')
      .innerJoin(ScimMembership, 'mark', 'mark.memberId = member.id')
      .getMany();
    const mapped = this.settings.clients.flatMap(({ groups }) => [...groups.values()].map(({ team }) => team));
    for (const teamId of new Set([...mapped, ...marked.map((member) => member.teamId)])) {
      await this.#settleTeam({ userId: null }, teamId).catch((error: unknown) =>
        this.#log.warn({ message: 'a team is not what its groups say', teamId, error }),
      );
    }
  }

  /**
   * @param names of groups that changed
   * @throws GatewayError of a team that takes nobody more, when everybody else is where they belong
   */
  async settle(by: Pick<Principal, 'userId'>, { groups }: ScimClient, names: readonly string[]): Promise<void> {
    const teams = new Set(names.flatMap((name) => groups.get(name)?.team ?? []));
    for (const teamId of teams) await this.#settleTeam(by, teamId);
  }

  async #settleTeam(by: Pick<Principal, 'userId'>, teamId: string): Promise<void> {
    const { manager } = this.dataSource;
    const wanted = await this.#wanted(manager, teamId);
    const members = await manager.findBy(TeamMember, { teamId, isActive: true });
    const marks = await manager.findBy(ScimMembership, { memberId: In(members.map(({ id }) => id)) });
    const marked = new Set(marks.map(({ memberId }) => memberId));
    const other = members.filter(({ id, userId, role }) => marked.has(id) && wanted.get(userId) !== role);
    const inside = new Set(members.map(({ userId }) => userId));
    const entering = [...wanted.keys()].filter((id) => !inside.has(id));
    const ids = [...other.map(({ userId }) => userId), ...entering];
    const users = new Map((await this.users.byIds(ids)).map((user) => [user.id, user]));
    let failure: unknown;
    // Who leaves comes first, and makes room.
    for (const userId of ids) {
      const user = users.get(userId);
      if (!user) continue;
      try {
        await this.changes.run(by, { userId, teamId }, (roster) => this.#settle(roster, teamId, user));
      } catch (error) {
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
  }

  /** Asks again, under the locks of both. */
  async #settle(roster: Roster, teamId: string, user: TeamUser): Promise<void> {
    const { manager } = roster;
    const { id: userId } = user;
    const team = await manager.findOneBy(Team, { id: teamId, isActive: true, isPersonal: false });
    if (!team) throw new GatewayError('bad_request', 'The team of this group in SCIM_CLIENTS is not there');
    const role = (await this.#wanted(manager, teamId, userId)).get(userId);
    const member = await roster.member(teamId, userId);
    if (!member) return role && this.#enter(roster, team, user, role);
    if (!(await manager.existsBy(ScimMembership, { memberId: member.id }))) return;
    if (role === undefined) await roster.drop(member);
    else await roster.setRole(member, role);
  }

  async #enter(roster: Roster, team: Team, user: TeamUser, role: TeamRole): Promise<void> {
    const { id: memberId } = await this.members.enter(roster, team, user, role, null);
    await roster.manager.insert(ScimMembership, { memberId });
  }

  /** Who is to be in the team, and as what: by whichever of his groups gives more. */
  async #wanted(manager: EntityManager, teamId: string, userId?: string): Promise<Roles> {
    const roles = new Map<string, TeamRole>();
    for (const { provider, groups } of this.settings.clients) {
      const mapped = [...groups].filter(([, { team }]) => team === teamId);
      const names = mapped.map(([name]) => name);
      const rows = names.length === 0 ? [] : await manager.findBy(ScimGroup, { provider, displayName: In(names) });
      for (const { id: groupId, displayName } of rows) {
        const role = groups.get(displayName)?.role;
        if (role === undefined) continue;
        const members = await manager.findBy(ScimGroupMember, { groupId, ...(userId !== undefined && { userId }) });
        for (const member of members) if (roles.get(member.userId) !== 'owner') roles.set(member.userId, role);
      }
    }
    return roles;
  }
}
