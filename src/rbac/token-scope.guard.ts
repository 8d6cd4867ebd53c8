import { type CanActivate, type ExecutionContext, Injectable, type Type } from '@nestjs/common';
import { restrictionRefusal } from '#libs/policy';
import type { Request } from 'express';
import { GatewayError } from '../http/errors.js';
import { routePolicyOf } from '../http/route-policy.js';
import { normaliseId } from '../http/normalise-id.js';

/** What the token itself forbids: another virtual server, another network, another time of day. */
@Injectable()
export class TokenScopeGuard implements CanActivate {
  canActivate(context: ExecutionContext): true {
    const request = context.switchToHttp().getRequest<Request>();
    const { principal, clientAddress } = request.context;
    if (!principal) {
      if (routePolicyOf(context.getHandler(), context.getClass<Type>())?.kind === 'public') return true;
      throw new GatewayError('authentication_required');
    }
    const serverId = request.params['serverId'];
    const refusal = restrictionRefusal(principal.restrictions, {
      // Routes about one virtual server name their parameter `serverId`; a scoped token opens nothing else.
      serverId: typeof serverId === 'string' ? normaliseId(serverId) : undefined,
      clientAddress,
      now: new Date(),
    });
    if (refusal) throw new GatewayError('access_denied', undefined, refusal);
    return true;
  }
}
