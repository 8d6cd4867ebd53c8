import { Injectable } from '@nestjs/common';
import { compileNetworks, expandPermissions, type Grants, type Permission, type Principal } from '#libs/policy';
import { GatewayError } from '../http/errors.js';
import { normaliseId } from '../http/normalise-id.js';
import type { TokenScopeDto } from './dto/token-scope.dto.js';
import { ServerDirectory } from './server-directory.js';

/** Whom a token stands for, and what that account may do. */
export interface TokenHolder {
  readonly id: string;
  readonly email: string;
  readonly grants: Grants;
}

/** What may be put into the scope of a token. */
@Injectable()
export class TokenGrants {
  constructor(private readonly servers: ServerDirectory) {}

  /**
   * A token never lists more than the one who makes it holds, nor more than the one it stands for: in its team, or
   * anywhere when it has none.
   */
  async assertContained(
    caller: Principal,
    holder: TokenHolder,
    scope: TokenScopeDto,
    teamId: string | null,
  ): Promise<void> {
    assertPermissions(caller, heldBy(caller, holder, teamId), scope.permissions ?? []);
    try {
      compileNetworks(scope.ip_restrictions ?? []);
    } catch (error) {
      throw new GatewayError('bad_request', `scope.ip_restrictions: ${(error as RangeError).message}`);
    }
    const { server_id: serverId } = scope;
    if (serverId && !(await this.servers.sees(caller, normaliseId(serverId))))
      throw new GatewayError('bad_request', 'scope.server_id: Server not found');
  }
}

interface Held {
  readonly permissions: ReadonlySet<Permission>;
  readonly whose: string;
}

function heldBy(caller: Principal, { email, grants }: TokenHolder, teamId: string | null): Held {
  const whose = email === caller.subject ? 'your effective permissions' : `the effective permissions of ${email}`;
  if (teamId === null) return { permissions: grants.anywhere, whose };
  return { permissions: grants.inTeams.get(teamId) ?? grants.everywhere, whose: `${whose} in this team` };
}

function assertPermissions(caller: Principal, { permissions, whose }: Held, asked: readonly string[]): void {
  if (asked.length === 0) return;
  const unknown = asked.find((pattern) => expandPermissions([pattern]).size === 0);
  if (unknown !== undefined)
    throw new GatewayError('bad_request', `scope.permissions: "${unknown}" is not a permission`);
  if (permissions.size === 0)
    throw new GatewayError('bad_request', `scope.permissions: There are no permissions to delegate in ${whose}.`);
  const wanted = [...expandPermissions(asked)];
  const foreign = wanted.find((permission) => !permissions.has(permission));
  if (foreign !== undefined) throw notGranted(foreign, whose);
  const lacking = wanted.find((permission) => !caller.grants.anywhere.has(permission));
  if (lacking !== undefined) throw notGranted(lacking, 'your effective permissions');
}

function notGranted(permission: Permission, whose: string): GatewayError {
  return new GatewayError(
    'bad_request',
    `scope.permissions: Cannot grant permission '${permission}' - not in ${whose}.`,
  );
}
