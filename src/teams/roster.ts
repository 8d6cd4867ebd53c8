import { type EntityManager, IsNull } from 'typeorm';
import { newId } from '../database/new-id.js';
import { GatewayError } from '../http/errors.js';
import { TeamInvitation } from './team-invitation.entity.js';
import { type MembershipAction, TeamMemberHistory } from './team-member-history.entity.js';
import { TeamMember, type TeamRole } from './team-member.entity.js';

/** The members of teams inside one transaction that holds the lock of their team. Each change goes into the history. */
export class Roster {
  readonly now = new Date();
  /** Whose memberships are others now: ids of users. */
  readonly touched = new Set<string>();

  /** @param by the id of the user who makes the changes */
  constructor(
    readonly manager: EntityManager,
    private readonly by: string | null,
  ) {}

  member(teamId: string, userId: string): Promise<TeamMember | null> {
    return this.manager.findOneBy(TeamMember, { teamId, userId, isActive: true });
  }

  /** @throws GatewayError 400 when the user is a member already */
  async demandStranger(teamId: string, userId: string): Promise<void> {
    if (await this.member(teamId, userId))
      throw new GatewayError('bad_request', 'User is already a member of this team');
  }

  async add(
    teamId: string,
    userId: string,
    role: TeamRole,
    invitedBy: string | null,
    grantSource: TeamMember['grantSource'] = null,
  ): Promise<TeamMember> {
    const member = { id: newId(), teamId, userId, role, isActive: true, joinedAt: this.now, grantSource, invitedBy };
    await this.manager.insert(TeamMember, member);
    await this.#record(member, 'added');
    return member;
  }

  /** @throws GatewayError 400 when the team would be left without an owner */
  async setRole(
    member: TeamMember,
    role: TeamRole,
    grantSource: TeamMember['grantSource'] = null,
  ): Promise<TeamMember> {
    if (member.role === role) return member;
    if (role === 'member') await this.#keepOwner(member, 'Cannot remove owner role from the last owner of a team');
    await this.manager.update(TeamMember, { id: member.id }, { role, grantSource });
    const changed = Object.assign(member, { role, grantSource });
    await this.#record(changed, 'role_changed');
    if (role === 'member') await this.#withdrawInvitations(member);
    return changed;
  }

  /** @throws GatewayError 400 with the text when the team would be left without an owner */
  async remove(member: TeamMember, lastOwner: string): Promise<void> {
    await this.#keepOwner(member, lastOwner);
    await this.drop(member);
  }

  /** Removes even the last owner: for accounts and teams that end. */
  async drop(member: TeamMember): Promise<void> {
    await this.manager.delete(TeamMember, { id: member.id });
    await this.#record(member, 'removed');
    await this.#withdrawInvitations(member);
  }

  async #keepOwner({ teamId, role }: TeamMember, text: string): Promise<void> {
    if (role !== 'owner') return;
    const owners = await this.manager.countBy(TeamMember, { teamId, role: 'owner', isActive: true });
    if (owners <= 1) throw new GatewayError('bad_request', text);
  }

  /** What an owner promised, he can’t keep any more; he may have invited himself under another address. */
  async #withdrawInvitations({ teamId, userId: invitedBy }: TeamMember): Promise<void> {
    const open = { teamId, invitedBy, acceptedAt: IsNull(), cancelledAt: IsNull() };
    await this.manager.update(TeamInvitation, open, { cancelledAt: this.now });
  }

  async #record({ teamId, userId, role }: TeamMember, action: MembershipAction): Promise<void> {
    const row = { id: newId(), teamId, userId, action, role, changedBy: this.by, changedAt: this.now };
    await this.manager.insert(TeamMemberHistory, row);
    this.touched.add(userId);
  }
}
