import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { DataSource, LessThanOrEqual } from 'typeorm';
import { newId } from '../database/new-id.js';
import { GatewayError } from '../http/errors.js';
import { normaliseId } from '../http/normalise-id.js';
import { MemberService } from './member.service.js';
import type { PageWish } from './page-wish.js';
import type { Roster } from './roster.js';
import { TeamAccess } from './team-access.js';
import { TeamChanges } from './team-changes.js';
import { type JoinRequestStatus, TeamJoinRequest } from './team-join-request.entity.js';
import type { TeamMember } from './team-member.entity.js';
import { TeamQuotas } from './team-quotas.js';
import { TeamUsers } from './team-users.js';
import type { Team } from './team.entity.js';
import { TeamsSettings } from './teams.settings.js';

const DAY_MS = 86_400_000;

export interface TeamAndRequest {
  readonly team: Team;
  readonly request: TeamJoinRequest;
}

/** People who ask to be let into public teams. */
@Injectable()
export class JoinRequestService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly changes: TeamChanges,
    private readonly access: TeamAccess,
    private readonly quotas: TeamQuotas,
    private readonly members: MemberService,
    private readonly users: TeamUsers,
    private readonly settings: TeamsSettings,
  ) {}

  /** Asks a team, once at a time. */
  async ask(caller: Principal, id: string, message: string | undefined): Promise<TeamAndRequest> {
    this.access.demandWholeScope(caller);
    const userId = this.access.accountOf(caller);
    const { settings } = this;
    return this.changes.run(caller, { userId, teamId: id }, async (roster) => {
      const { manager, now } = roster;
      const { team, role } = await this.access.standing(manager, caller, id);
      this.access.demandFeature(caller, settings.allowJoinRequests, 'Team join requests are currently disabled');
      if (role) throw new GatewayError('bad_request', 'User is already a member of this team');
      if (!this.access.isPublic(team))
        throw new GatewayError('access_denied', 'Can only request to join public teams', 'not_public');
      await forgetExpired(roster, team.id, userId);
      if (await manager.existsBy(TeamJoinRequest, { teamId: team.id, pendingFor: userId }))
        throw new GatewayError('bad_request', 'User has already requested to join this team');
      await this.quotas.demandJoinRequest(manager, userId, now);
      const request = this.#row(team.id, userId, message, now);
      await manager.insert(TeamJoinRequest, request);
      return { team, request };
    });
  }

  /** Takes the caller's own request back. */
  async withdraw(caller: Principal, id: string): Promise<void> {
    this.access.demandWholeScope(caller);
    const pendingFor = this.access.accountOf(caller);
    await this.changes.run(caller, { teamId: id }, async (roster) => {
      const { team } = await this.access.standing(roster.manager, caller, id);
      const request = await roster.manager.findOneBy(TeamJoinRequest, { teamId: team.id, pendingFor });
      if (!request) throw new GatewayError('not_found', 'Join request not found');
      await decide(roster, request, 'cancelled', caller.userId);
    });
  }

  /** The pending ones, oldest first. */
  async list(
    caller: Principal,
    id: string,
    { limit, skip }: PageWish,
  ): Promise<{ team: Team; requests: readonly TeamJoinRequest[] }> {
    const { manager } = this.dataSource;
    const team = await this.#demandOwner(caller, id, 'view');
    const requests = await manager.find(TeamJoinRequest, {
      where: { teamId: team.id, status: 'pending' },
      order: { requestedAt: 'ASC', id: 'ASC' },
      skip,
      take: limit,
    });
    return { team, requests };
  }

  async approve(caller: Principal, id: string, requestId: string): Promise<TeamMember> {
    const { userId } = await this.#pending(caller, id, requestId, 'approve');
    const [user] = await this.users.byIds([userId]);
    if (!user?.isActive) throw new GatewayError('not_found', 'User not found');
    return this.changes.run(caller, { userId, teamId: id }, async (roster) => {
      const team = await this.access.demand(roster.manager, caller, id, 'owner');
      const request = await this.#pending(caller, id, requestId, 'approve', roster);
      if (request.expiresAt <= roster.now) throw new GatewayError('bad_request', 'Join request has expired');
      await decide(roster, request, 'approved', caller.userId);
      return this.members.enter(roster, team, user, 'member', caller.userId);
    });
  }

  async reject(caller: Principal, id: string, requestId: string): Promise<void> {
    await this.changes.run(caller, { teamId: id }, async (roster) => {
      const request = await this.#pending(caller, id, requestId, 'reject', roster);
      await decide(roster, request, 'rejected', caller.userId);
    });
  }

  /** Of the team in the path and of no other. */
  async #pending(
    caller: Principal,
    id: string,
    requestId: string,
    verb: string,
    { manager } = { manager: this.dataSource.manager },
  ): Promise<TeamJoinRequest> {
    const team = await this.#demandOwner(caller, id, verb, manager);
    const wanted = { id: normaliseId(requestId), teamId: team.id, status: 'pending' as const };
    const request = await manager.findOneBy(TeamJoinRequest, wanted);
    if (!request) throw new GatewayError('not_found', 'Join request not found');
    return request;
  }

  async #demandOwner(caller: Principal, id: string, verb: string, manager = this.dataSource.manager): Promise<Team> {
    const { team, role } = await this.access.standing(manager, caller, id);
    if (role !== 'owner' && !this.access.administers(caller))
      throw new GatewayError('access_denied', `Only team owners can ${verb} join requests`, 'not_owner');
    return team;
  }

  #row(teamId: string, userId: string, message: string | undefined, requestedAt: Date): TeamJoinRequest {
    return {
      id: newId(),
      teamId,
      userId,
      message: message ?? null,
      status: 'pending',
      pendingFor: userId,
      requestedAt,
      expiresAt: new Date(requestedAt.getTime() + this.settings.invitationDays * DAY_MS),
      decidedAt: null,
      decidedBy: null,
    };
  }
}

/** Makes room for a new one. */
async function forgetExpired({ manager, now }: Roster, teamId: string, pendingFor: string): Promise<void> {
  const expired = { teamId, pendingFor, expiresAt: LessThanOrEqual(now) };
  await manager.update(TeamJoinRequest, expired, { status: 'cancelled', pendingFor: null, decidedAt: now });
}

async function decide(
  { manager, now }: Roster,
  { id }: TeamJoinRequest,
  status: JoinRequestStatus,
  decidedBy: string | null,
): Promise<void> {
  const decision = { status, pendingFor: null, decidedAt: now, decidedBy };
  const { affected } = await manager.update(TeamJoinRequest, { id, status: 'pending' }, decision);
  if (affected !== 1) throw new GatewayError('not_found', 'Join request not found');
}
