import { Injectable } from '@nestjs/common';
import { compileNetworks, expandPermissions, type Permission, type Principal } from '#libs/policy';
import { GatewayError } from '../http/errors.js';
import { normaliseId } from '../http/normalise-id.js';
import type { TokenScopeDto } from './dto/token-scope.dto.js';
import { ServerDirectory } from './server-directory.js';

/** Whom a token stands for, and what that account may do. */
export interface TokenHolder {
  readonly id: string;
  readonly email: string;
  readonly grants: ReadonlySet<Permission>;
}

/** What may be put into the scope of a token. */
@Injectable()
export class TokenGrants {
  constructor(private readonly servers: ServerDirectory) {}

  /** A token never holds more than the one who makes it, nor more than the one it stands for. */
  async assertContained(caller: Principal, holder: TokenHolder, scope: TokenScopeDto): Promise<void> {
    assertPermissions(caller, holder, scope.permissions ?? []);
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

function assertPermissions(caller: Principal, holder: TokenHolder, asked: readonly string[]): void {
  const unknown = asked.find((pattern) => expandPermissions([pattern]).size === 0);
  if (unknown !== undefined)
    throw new GatewayError('bad_request', `scope.permissions: "${unknown}" is not a permission`);
  const lacking = [...expandPermissions(asked)].find((permission) => !caller.grants.anywhere.has(permission));
  if (lacking !== undefined) throw notGranted(lacking, 'your effective permissions');
  const foreign = [...expandPermissions(asked)].find((permission) => !holder.grants.has(permission));
  if (foreign !== undefined) throw notGranted(foreign, `the effective permissions of ${holder.email}`);
}

function notGranted(permission: Permission, whose: string): GatewayError {
  return new GatewayError(
    'bad_request',
    `scope.permissions: Cannot grant permission '${permission}' - not in ${whose}.`,
  );
}
