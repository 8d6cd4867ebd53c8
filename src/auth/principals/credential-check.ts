import { Injectable } from '@nestjs/common';
import { keepsGrants, type Principal } from '#libs/policy';
import { RoleGrants } from '../../rbac/roles/role-grants.js';
import { TeamMemberships } from '../../teams/team-memberships.js';
import { UserRepository } from '../accounts/user.repository.js';
import { TokenRevocations } from '../jwt/token-revocations.js';
import { SessionRepository } from '../sessions/session.repository.js';
import { ApiTokenDirectory } from './api-token-directory.js';

/** Whether what a principal was made of still holds, for calls that outlive the moment in which they were let in. */
@Injectable()
export class CredentialCheck {
  constructor(
    private readonly revocations: TokenRevocations,
    private readonly users: UserRepository,
    private readonly apiTokens: ApiTokenDirectory,
    private readonly sessions: SessionRepository,
    private readonly memberships: TeamMemberships,
    private readonly roles: RoleGrants,
  ) {}

  /** Asks the database; rejects when it does not answer. */
  async holds(principal: Principal): Promise<boolean> {
    const { tokenId, sessionId, userId, isAdmin, teams } = principal;
    if (tokenId !== null && !(await this.#tokenHolds(tokenId))) return false;
    if (sessionId !== undefined && !(await this.sessions.runs(sessionId))) return false;
    if (userId === null) return true;
    const user = await this.users.bySubject(userId);
    if (!user?.isActive || user.isAdmin !== isAdmin) return false;
    if (teams.kind === 'teams' && !(await this.#isInEach(teams.ids, userId))) return false;
    return keepsGrants(principal.grants, (await this.roles.of({ userId, isAdmin }, teams)).grants);
  }

  async #tokenHolds(jti: string): Promise<boolean> {
    return !(await this.revocations.isRevoked(jti)) && (await this.apiTokens.find(jti))?.active !== false;
  }

  async #isInEach(ids: ReadonlySet<string>, userId: string): Promise<boolean> {
    const memberOf = await this.memberships.of(userId);
    return [...ids].every((id) => memberOf.has(id));
  }
}
