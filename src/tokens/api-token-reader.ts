import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { GatewayError } from '../http/errors.js';
import { normaliseId } from '../http/normalise-id.js';
import { type Membership, TeamMemberships } from '../teams/team-memberships.js';
import { ApiTokenRepository } from './api-token.repository.js';
import type { ListApiTokensDto, OverseeApiTokensDto } from './dto/list-api-tokens.dto.js';
import { assertOverseer } from './token-overseer.js';
import { tokenManager } from './token-manager.js';
import type { TokenRecord } from './token-record.js';

export type TokenPage = readonly [records: readonly TokenRecord[], total: number];

/** Finds tokens for those who may see them: their users, the owners of their teams, and administrators in oversight. */
@Injectable()
export class ApiTokenReader {
  constructor(
    private readonly tokens: ApiTokenRepository,
    private readonly memberships: TeamMemberships,
  ) {}

  /** The caller's own, and those of teams he owns. */
  async list(caller: Principal, query: ListApiTokensDto): Promise<TokenPage> {
    const { id } = tokenManager(caller);
    return this.tokens.page({ ...wish(query), reachable: { userId: id, teamIds: await this.#owned(caller) } });
  }

  /** All of a team for its owners, a member's own for a member. */
  async ofTeam(caller: Principal, teamId: string, query: ListApiTokensDto): Promise<TokenPage> {
    const { id } = tokenManager(caller);
    const team = normaliseId(teamId);
    const membership = (await this.#teams(caller)).get(team);
    if (!membership) throw new GatewayError('not_found', 'Team not found');
    return this.tokens.page({ ...wish(query), teamId: team, ...(membership.role !== 'owner' && { userId: id }) });
  }

  async everything(caller: Principal, query: OverseeApiTokensDto): Promise<TokenPage> {
    assertOverseer(caller);
    const { user_email: email, team_id: team } = query;
    return this.tokens.page({
      ...wish(query),
      ...(email !== undefined && { userEmail: email.toLowerCase() }),
      ...(team !== undefined && { teamId: normaliseId(team) }),
    });
  }

  /** @throws GatewayError `not_found`, also for what the caller may not see */
  async get(caller: Principal, id: string): Promise<TokenRecord> {
    const { id: userId } = tokenManager(caller);
    const record = await this.tokens.record(normaliseId(id));
    const { teamId } = record?.token ?? {};
    const mine = record?.token.userId === userId;
    if (record && (mine || (teamId && (await this.#owned(caller)).includes(teamId)))) return record;
    throw new GatewayError('not_found', 'Token not found');
  }

  /** Only what is the caller's own: nobody widens what another holds. */
  async own(caller: Principal, id: string): Promise<TokenRecord> {
    const record = await this.get(caller, id);
    if (record.token.userId === tokenManager(caller).id) return record;
    throw new GatewayError('access_denied', 'Only its user may change a token', 'not_owner');
  }

  async any(caller: Principal, id: string): Promise<TokenRecord> {
    assertOverseer(caller);
    const record = await this.tokens.record(normaliseId(id));
    if (!record) throw new GatewayError('not_found', 'Token not found');
    return record;
  }

  async #owned(caller: Principal): Promise<string[]> {
    return [...(await this.#teams(caller))].filter(([, { role }]) => role === 'owner').map(([id]) => id);
  }

  /** The teams of the user, as far as the session was not narrowed to others. */
  async #teams(caller: Principal): Promise<ReadonlyMap<string, Membership>> {
    const { teams } = caller;
    if (teams.kind === 'public') return new Map();
    const all = await this.memberships.of(tokenManager(caller).id);
    if (teams.kind === 'all' || !teams.narrowed) return all;
    return new Map([...all].filter(([id]) => teams.ids.has(id)));
  }
}

const wish = ({ include_inactive: includeInactive, limit, offset }: ListApiTokensDto) => ({
  includeInactive,
  limit,
  offset,
});
