import { Injectable } from '@nestjs/common';
import { type Principal, teamScope } from '#libs/policy';
import { UserRepository } from '../auth/accounts/user.repository.js';
import { GatewayError } from '../http/errors.js';
import { normaliseId } from '../http/normalise-id.js';
import { RoleGrants } from '../rbac/roles/role-grants.js';
import { TeamMemberships } from '../teams/team-memberships.js';
import { assertOverseer } from './token-overseer.js';
import type { TokenHolder } from './token-grants.js';
import { tokenManager } from './token-manager.js';

/** Finds the account that a new token is to stand for, and the team it is to be for. */
@Injectable()
export class TokenHolders {
  constructor(
    private readonly users: UserRepository,
    private readonly memberships: TeamMemberships,
    private readonly roles: RoleGrants,
  ) {}

  /** The caller himself, unless an administrator names somebody else. */
  async holder(caller: Principal, email: string | null | undefined): Promise<TokenHolder> {
    const self = tokenManager(caller);
    if (!email || email.toLowerCase() === self.email) return { ...self, grants: caller.grants };
    assertOverseer(caller);
    const user = await this.users.byEmail(email);
    if (!user?.isActive) throw new GatewayError('bad_request', 'user_email: there is no such active user');
    const { id, isAdmin } = user;
    const scope = teamScope({
      session: true,
      claimed: undefined,
      isAdmin,
      memberOf: [...(await this.memberships.of(id)).keys()],
    });
    const { grants } = await this.roles.of({ userId: id, isAdmin }, scope);
    return { id, email: user.email, grants };
  }

  /** One answer for a team that does not exist and one that is not the holder's: an id must tell nothing. */
  async team(holder: TokenHolder, teamId: string | null | undefined): Promise<string | null> {
    if (!teamId) return null;
    const id = normaliseId(teamId);
    if (!(await this.memberships.of(holder.id)).has(id))
      throw new GatewayError('bad_request', `team_id: ${holder.email} is not a member of such a team`);
    return id;
  }
}
