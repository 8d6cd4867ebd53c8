import { type CanActivate, type ExecutionContext, Injectable, type Type } from '@nestjs/common';
import type { Request } from 'express';
import { principalOf } from '../http/caller.js';
import { GatewayError } from '../http/errors.js';
import { normaliseId } from '../http/normalise-id.js';
import { routePolicyOf } from '../http/route-policy.js';
import { AccessService } from './access.service.js';

/** Asks the decision function for what the route requires; rows are decided where they are read. */
@Injectable()
export class PermissionGuard implements CanActivate {
  constructor(private readonly access: AccessService) {}

  canActivate(context: ExecutionContext): true {
    const policy = routePolicyOf(context.getHandler(), context.getClass<Type>());
    if (policy?.kind === 'public' || policy?.kind === 'signed-in') return true;
    if (!policy) throw new GatewayError('access_denied', undefined, 'route_without_policy');
    const request = context.switchToHttp().getRequest<Request>();
    const { teamId } = request.params;
    const team = typeof teamId === 'string' ? normaliseId(teamId) : undefined;
    this.access.demand(principalOf(request), policy.permission, undefined, { origin: request.context, teamId: team });
    return true;
  }
}
