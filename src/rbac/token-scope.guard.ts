import { type CanActivate, type ExecutionContext, Injectable, type Type } from '@nestjs/common';
import { type CallOrigin, type Permission, type Principal, restrictionRefusal } from '#libs/policy';
import type { Request } from 'express';
import { GatewayError } from '../http/errors.js';
import { routePolicyOf } from '../http/route-policy.js';
import { normaliseId } from '../http/normalise-id.js';
import { CheckLog } from './checks/check-log.js';

/** What the token itself forbids: another virtual server, another network, another time of day. */
@Injectable()
export class TokenScopeGuard implements CanActivate {
  constructor(private readonly checks: CheckLog) {}

  canActivate(context: ExecutionContext): true {
    const request = context.switchToHttp().getRequest<Request>();
    const { principal, clientAddress } = request.context;
    const policy = routePolicyOf(context.getHandler(), context.getClass<Type>());
    const kind = policy?.kind;
    if (!principal) {
      if (kind === 'public') return true;
      throw new GatewayError('authentication_required');
    }
    const serverId = request.params['serverId'];
    const refusal = restrictionRefusal(principal.restrictions, {
      // Routes about one virtual server name their parameter `serverId`; a scoped token opens nothing else.
      serverId: typeof serverId === 'string' ? normaliseId(serverId) : undefined,
      clientAddress,
      now: new Date(),
    });
    if (refusal) {
      if (policy && 'permission' in policy) this.#note(principal, policy.permission, refusal, request.context);
      throw new GatewayError('access_denied', undefined, refusal);
    }
    if (kind === 'signed-in' && isCappedToken(principal))
      throw new GatewayError('access_denied', undefined, 'token_permission_scope');
    return true;
  }

  #note(principal: Principal, action: Permission, reason: string, origin: CallOrigin): void {
    this.checks.note({ principal, action, row: undefined, answer: { allowed: false, reason }, at: { origin } });
  }
}

/** A list of permissions opens what asks for one of them; a route that asks for none is not on any list. */
function isCappedToken({ kind, restrictions }: Principal): boolean {
  return (kind === 'api_token' || kind === 'service') && restrictions.permissions !== undefined;
}
