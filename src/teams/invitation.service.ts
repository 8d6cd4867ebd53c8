import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { DataSource, IsNull } from 'typeorm';
import { newId } from '../database/new-id.js';
import { GatewayError } from '../http/errors.js';
import { normaliseId } from '../http/normalise-id.js';
import { type Delivery, InvitationLetter } from './invitation-letter.js';
import { MailedToken } from '../mail/mailed-token.js';
import { openInvitations } from './open-invitations.js';
import type { PageWish } from './page-wish.js';
import { TeamAccess } from './team-access.js';
import { TeamChanges } from './team-changes.js';
import { TeamInvitation } from './team-invitation.entity.js';
import type { TeamRole } from './team-member.entity.js';
import { TeamQuotas } from './team-quotas.js';
import { TeamUsers } from './team-users.js';
import type { Team } from './team.entity.js';
import { TeamsSettings } from './teams.settings.js';

const DAY_MS = 86_400_000;

export interface SentInvitation {
  readonly invitation: TeamInvitation;
  readonly team: Team;
  /** Known here only. */
  readonly token: string;
  readonly delivery: Delivery;
}

/** Asks people into a team, by their address. */
@Injectable()
export class InvitationService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly changes: TeamChanges,
    private readonly access: TeamAccess,
    private readonly quotas: TeamQuotas,
    private readonly users: TeamUsers,
    private readonly letter: InvitationLetter,
    private readonly settings: TeamsSettings,
  ) {}

  /** @param email lower-case */
  async invite(caller: Principal, teamId: string, email: string, role: TeamRole): Promise<SentInvitation> {
    const { manager } = this.dataSource;
    await this.access.demand(manager, caller, teamId, 'owner');
    this.access.demandFeature(caller, this.settings.allowInvitations, 'Team invitations are currently disabled');
    const invitedBy = this.access.accountOf(caller);
    const user = await this.users.byEmail(email);
    const token = MailedToken.make();
    const { invitation, team } = await this.changes.run(caller, { teamId }, async (roster) => {
      const found = await this.access.demand(roster.manager, caller, teamId, 'owner');
      if (found.isPersonal) throw new GatewayError('bad_request', 'Cannot send invitations to personal teams');
      if (user) await roster.demandStranger(found.id, user.id);
      const open = { ...openInvitations(roster.now), teamId: found.id, email };
      if (await roster.manager.existsBy(TeamInvitation, open))
        throw new GatewayError('bad_request', 'An active invitation already exists for this email');
      await this.quotas.demandSeat(roster.manager, found, roster.now);
      const row = this.#row(found.id, email, role, invitedBy, token, roster.now);
      await roster.manager.insert(TeamInvitation, row);
      return { invitation: row, team: found };
    });
    return { invitation, team, token, delivery: await this.letter.send(invitation, team, token) };
  }

  /** Neither accepted nor cancelled; newest first. */
  async list(
    caller: Principal,
    id: string,
    { limit, skip }: PageWish,
  ): Promise<{ team: Team; invitations: readonly TeamInvitation[] }> {
    const { manager } = this.dataSource;
    const team = await this.access.demand(manager, caller, id, 'owner');
    const invitations = await manager.find(TeamInvitation, {
      where: { teamId: team.id, acceptedAt: IsNull(), cancelledAt: IsNull() },
      order: { invitedAt: 'DESC', id: 'DESC' },
      skip,
      take: limit,
    });
    return { team, invitations };
  }

  async cancel(caller: Principal, id: string): Promise<void> {
    const { manager } = this.dataSource;
    const invitation = await manager.findOneBy(TeamInvitation, { id: normaliseId(id) });
    const known = invitation && (await this.#knows(caller, invitation.teamId));
    if (!known) throw new GatewayError('not_found', 'Invitation not found');
    const { teamId } = invitation;
    await this.changes.run(caller, { teamId }, async (roster) => {
      await this.access.demand(roster.manager, caller, teamId, 'owner');
      const pending = { id: invitation.id, acceptedAt: IsNull(), cancelledAt: IsNull() };
      const { affected } = await roster.manager.update(TeamInvitation, pending, { cancelledAt: roster.now });
      if (affected !== 1) throw new GatewayError('not_found', 'Invitation not found');
    });
  }

  /** An invitation is known to those in its team only, however public the team is. */
  async #knows(caller: Principal, teamId: string): Promise<boolean> {
    if (this.access.administers(caller)) return true;
    const standing = await this.access.standing(this.dataSource.manager, caller, teamId).catch((error: unknown) => {
      if (error instanceof GatewayError) return undefined;
      throw error;
    });
    return standing?.role !== undefined;
  }

  #row(
    teamId: string,
    email: string,
    role: TeamRole,
    invitedBy: string,
    token: string,
    invitedAt: Date,
  ): TeamInvitation {
    return {
      id: newId(),
      teamId,
      email,
      role,
      tokenHash: MailedToken.hash(token),
      invitedBy,
      invitedAt,
      expiresAt: new Date(invitedAt.getTime() + this.settings.invitationDays * DAY_MS),
      acceptedAt: null,
      cancelledAt: null,
    };
  }
}
