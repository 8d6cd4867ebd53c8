import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { DataSource } from 'typeorm';
import { GatewayError } from '../http/errors.js';
import { MailedToken } from '../mail/mailed-token.js';
import { openInvitations } from './open-invitations.js';
import { TeamAccess } from './team-access.js';
import { TeamChanges } from './team-changes.js';
import { TeamInvitation } from './team-invitation.entity.js';
import { TeamMember } from './team-member.entity.js';
import { TeamQuotas } from './team-quotas.js';
import { TeamUsers } from './team-users.js';
import { Team } from './team.entity.js';
import { TeamsSettings } from './teams.settings.js';

/** Takes people in who were invited. */
@Injectable()
export class InvitationAcceptance {
  constructor(
    private readonly dataSource: DataSource,
    private readonly changes: TeamChanges,
    private readonly access: TeamAccess,
    private readonly quotas: TeamQuotas,
    private readonly users: TeamUsers,
    private readonly settings: TeamsSettings,
  ) {}

  /** Unknown, used, cancelled and expired tokens, and those of teams that ended, answer alike. */
  async accept(caller: Principal, token: string): Promise<TeamMember> {
    if (caller.kind !== 'session')
      throw new GatewayError('session_required', 'Accepting an invitation requires an interactive session.');
    this.access.demandWholeScope(caller);
    const userId = this.access.accountOf(caller);
    const open = { ...openInvitations(new Date()), tokenHash: MailedToken.hash(token) };
    const invitation = await this.dataSource.manager.findOneBy(TeamInvitation, open);
    if (!invitation) throw unusable();
    await this.#demandAddressee(userId, invitation);
    const { id, teamId } = invitation;
    return this.changes.run(caller, { userId, teamId }, async (roster) => {
      const { manager, now } = roster;
      const team = await manager.findOneBy(Team, { id: teamId, isActive: true });
      if (!team) throw unusable();
      // Whoever comes second finds it used.
      const { affected } = await manager.update(TeamInvitation, { ...openInvitations(now), id }, { acceptedAt: now });
      if (affected !== 1) throw unusable();
      await roster.demandStranger(teamId, userId);
      await this.quotas.demandTeam(manager, userId);
      await this.quotas.demandSeatOfInvited(manager, team);
      return roster.add(teamId, userId, invitation.role, invitation.invitedBy);
    });
  }

  async #demandAddressee(userId: string, { email }: TeamInvitation): Promise<void> {
    const [user] = await this.users.byIds([userId]);
    if (!user?.isActive || user.email !== email)
      throw new GatewayError('bad_request', 'Email address does not match invitation', 'foreign_invitation');
    if (this.settings.requireVerifiedEmail && !user.emailVerified)
      throw new GatewayError('access_denied', 'Email address must be verified to accept invitations', 'unverified');
  }
}

const unusable = (): GatewayError => new GatewayError('not_found', 'Invalid or expired invitation');
