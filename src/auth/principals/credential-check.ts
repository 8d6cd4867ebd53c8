import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
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
  ) {}

  /** Asks the database; rejects when it does not answer. */
  async holds({ tokenId, sessionId, userId, isAdmin, teams }: Principal): Promise<boolean> {
    if (tokenId !== null && !(await this.#tokenHolds(tokenId))) return false;
    if (sessionId !== undefined && !(await this.sessions.runs(sessionId))) return false;
    if (userId === null) return true;
    const user = await this.users.bySubject(userId);
    if (!user?.isActive || user.isAdmin !== isAdmin) return false;
    return teams.kind !== 'teams' || this.#isInEach(teams.ids, userId);
  }

  async #tokenHolds(jti: string): Promise<boolean> {
    return !(await this.revocations.isRevoked(jti)) && (await this.apiTokens.find(jti))?.active !== false;
  }

  async #isInEach(ids: ReadonlySet<string>, userId: string): Promise<boolean> {
    const memberOf = await this.memberships.of(userId);
    return [...ids].every((id) => memberOf.has(id));
  }
}
