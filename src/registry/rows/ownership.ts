import { Injectable } from '@nestjs/common';
import type { OwnedRow, Permission, Principal, Reason, Visibility } from '#libs/policy';
import { GatewayError } from '../../http/errors.js';
import { normaliseId } from '../../http/normalise-id.js';
import { AccessService } from '../../rbac/access.service.js';
import { TeamDirectory } from '../../teams/team-directory.js';
import { fieldFault } from './field-fault.js';

const PUBLIC_ONLY =
  "Public-only tokens cannot create team or private resources. Use visibility='public' or obtain a team-scoped token.";
const NOT_THE_TOKENS_TEAM = 'Access issue: This API token does not have the required permissions for this team.';

/** Whose a row is to be and who is to see it. */
export interface Wish {
  readonly visibility: Visibility;
  readonly teamId: string | null;
  readonly ownerEmail: string | null;
}

/** Judges to whom a row may be given: nobody puts one where they could not see it themselves. */
@Injectable()
export class Ownership {
  constructor(
    private readonly access: AccessService,
    private readonly teams: TeamDirectory,
  ) {}

  /**
   * @param before the row as it was, which may stay with a team that has ended
   * @throws GatewayError 403 with the contract's texts, 422 when a team is missing or there is no such
   */
  async demand(
    principal: Principal,
    action: Permission,
    wish: Wish,
    before?: Pick<Wish, 'teamId'>,
  ): Promise<OwnedRow & { readonly tenant: string }> {
    const teamId = wish.teamId === null ? null : normaliseId(wish.teamId);
    const { visibility, ownerEmail } = wish;
    const { kind } = principal.teams;
    if (kind === 'public' && (visibility !== 'public' || teamId !== null)) {
      throw new GatewayError('access_denied', PUBLIC_ONLY, 'not_visible');
    }
    if (teamId !== null) this.#demandSight(principal, action, { visibility: 'team', teamId, ownerEmail });
    if (visibility === 'team' && teamId === null)
      throw fieldFault('teamId', "teamId is required with visibility 'team'");
    this.#demandSight(principal, action, { visibility, teamId, ownerEmail });
    // Whoever else passed is in the team.
    const given = kind === 'all' && teamId !== null && teamId !== before?.teamId;
    if (given && !(await this.teams.has(teamId))) throw fieldFault('teamId', 'teamId names no team');
    return { visibility, teamId, ownerEmail, tenant: teamId ?? ownerEmail ?? '' };
  }

  #demandSight(principal: Principal, action: Permission, row: OwnedRow): void {
    const { allowed, reason } = this.access.check(principal, action, row);
    if (!allowed) throw new GatewayError('access_denied', detailOf(principal, action, row, reason), reason);
  }
}

/** Of the caller's own roles alone; nothing about the team. */
function detailOf({ grants, kind }: Principal, action: Permission, row: OwnedRow, reason: Reason): string | undefined {
  if (reason === 'not_visible')
    return kind === 'api_token' ? NOT_THE_TOKENS_TEAM : 'Access denied: you do not belong to this team';
  if (reason !== 'permission_elsewhere') return undefined;
  if (row.teamId !== null) return `Access denied: you hold ${action}, but not in this team`;
  const places = [
    ...(grants.onPublic.has(action) ? ['give the team_id of a team in which you hold it'] : []),
    ...(grants.personal.has(action) ? ["set visibility to 'private'"] : []),
  ];
  return `Access denied: you hold ${action} in teams only, not for everybody: ${places.join(', or ')}`;
}
