import { Injectable } from '@nestjs/common';
import { isWholeAdministrator, lackingToGrant, type Principal, teamScope } from '#libs/policy';
import { GatewayError } from '../../http/errors.js';
import { RoleGrants } from '../../rbac/roles/role-grants.js';
import { TeamMemberships } from '../../teams/team-memberships.js';
import { demandWholeAdministrator } from './demand-whole-administrator.js';
import type { User } from './user.entity.js';

/** Which accounts somebody may manage. Whoever sets a password may sign in with it, so nobody manages who holds more. */
@Injectable()
export class ManageableAccounts {
  constructor(
    private readonly roles: RoleGrants,
    private readonly memberships: TeamMemberships,
  ) {}

  /**
   * The caller must hold everything that the account holds, in the same places, whether it may sign in now or not. The
   * personal team does not count: what is held there is held by everybody, over own things alone. A restricted token of an
   * administrator keeps ordinary accounts in order, but does not get into one that holds more.
   * @throws GatewayError 403 that names what is lacking
   */
  async demand(
    caller: Principal,
    { id: userId, isAdmin }: User,
    { setsPassword }: { readonly setsPassword: boolean },
  ): Promise<void> {
    if (isAdmin) demandWholeAdministrator(caller);
    if (isWholeAdministrator(caller) || (caller.isAdmin && !setsPassword)) return;
    const memberships = await this.memberships.of(userId);
    const scope = teamScope({ session: true, claimed: undefined, isAdmin, memberOf: [...memberships.keys()] });
    const { roles } = await this.roles.of({ userId, isAdmin }, scope);
    const lacking = roles
      .filter(({ teamId }) => teamId === null || memberships.get(teamId)?.personal !== true)
      .flatMap((role) => lackingToGrant(caller, role.permissions, role));
    if (lacking.length === 0) return;
    const list = [...new Set(lacking)].join(', ');
    throw new GatewayError('access_denied', `The account holds more than you do: ${list}`, 'not_held');
  }
}
