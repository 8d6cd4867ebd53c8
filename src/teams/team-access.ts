import { Injectable } from '@nestjs/common';
import { isWholeScope, type Principal } from '#libs/policy';
import type { EntityManager } from 'typeorm';
import { GatewayError } from '../http/errors.js';
import { normaliseId } from '../http/normalise-id.js';
import { TeamMember, type TeamRole } from './team-member.entity.js';
import { Team } from './team.entity.js';
import { TeamsSettings } from './teams.settings.js';

/** What a caller is to a team that he may know of. */
export interface Standing {
  readonly team: Team;
  /** Undefined for one who does not belong to it, as far as his credential reaches. */
  readonly role: TeamRole | undefined;
}

/**
 * Who may do what with a team, beyond the permission of the route. Memberships are read from the database, never taken
 * from the credential: that one only narrows. A credential of public rows only belongs to no team.
 */
@Injectable()
export class TeamAccess {
  constructor(private readonly settings: TeamsSettings) {}

  /** @throws GatewayError 404 for a team that does not exist or that the caller may not know of */
  async standing(manager: EntityManager, caller: Principal, id: string): Promise<Standing> {
    const team = await manager.findOneBy(Team, { id: normaliseId(id), isActive: true });
    if (!team) throw new GatewayError('not_found', 'Team not found');
    const role = await this.#roleOf(manager, caller, team.id);
    if (!role && !this.isPublic(team) && !this.administers(caller))
      throw new GatewayError('not_found', 'Team not found', 'not_visible');
    return { team, role };
  }

  /** @throws GatewayError 404 like `standing`, 403 for a team of which the caller may know but no more */
  async demand(manager: EntityManager, caller: Principal, id: string, least: TeamRole): Promise<Team> {
    const { team, role } = await this.standing(manager, caller, id);
    const enough = role === 'owner' || (role !== undefined && least === 'member');
    if (!enough && !this.administers(caller)) throw new GatewayError('access_denied', undefined, 'not_owner');
    return team;
  }

  /** A platform administrator, unless his credential was narrowed. */
  administers({ isAdmin, teams }: Principal): boolean {
    return isAdmin && teams.kind === 'all';
  }

  isPublic({ visibility, isPersonal }: Team): boolean {
    return visibility === 'public' && !isPersonal && this.settings.allowPublic;
  }

  /**
   * For what reaches beyond the teams that the caller is in: to found one, to enter one.
   * @throws GatewayError 403 for a credential that was narrowed
   */
  demandWholeScope({ teams }: Principal): void {
    if (!isWholeScope(teams)) throw new GatewayError('access_denied', undefined, 'narrowed');
  }

  /** @throws GatewayError 403 for a caller without an account */
  accountOf({ userId }: Principal): string {
    if (userId === null)
      throw new GatewayError('access_denied', 'The caller has no account in the database', 'no_account');
    return userId;
  }

  /** @throws GatewayError 403 with the text when a feature is switched off; not for platform administrators */
  demandFeature(caller: Principal, allowed: boolean, text: string): void {
    if (!allowed && !this.administers(caller)) throw new GatewayError('access_denied', text, 'switched_off');
  }

  async #roleOf(manager: EntityManager, { userId, teams }: Principal, teamId: string): Promise<TeamRole | undefined> {
    if (userId === null || teams.kind === 'public') return undefined;
    if (teams.kind === 'teams' && teams.narrowed && !teams.ids.has(teamId)) return undefined;
    const member = await manager.findOneBy(TeamMember, { teamId, userId, isActive: true });
    return member?.role;
  }
}
