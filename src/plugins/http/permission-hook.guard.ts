import { type CanActivate, type ExecutionContext, Injectable, type Type } from '@nestjs/common';
import type { Request } from 'express';
import { normaliseId } from '../../http/normalise-id.js';
import { routePolicyOf } from '../../http/route-policy.js';
import { HttpHooks } from './http-hooks.js';

/** After the decision: a plugin can forbid what roles allow, and allow nothing that they don't. */
@Injectable()
export class PermissionHookGuard implements CanActivate {
  constructor(private readonly hooks: HttpHooks) {}

  canActivate(context: ExecutionContext): true | Promise<true> {
    if (!this.hooks.serves('http_auth_check_permission')) return true;
    const policy = routePolicyOf(context.getHandler(), context.getClass<Type>());
    if (!policy || policy.kind === 'public' || policy.kind === 'signed-in') return true;
    const request = context.switchToHttp().getRequest<Request>();
    const { teamId } = request.params;
    const team = typeof teamId === 'string' ? normaliseId(teamId) : undefined;
    return this.hooks.checkPermission(request, policy.permission, team).then(() => true as const);
  }
}
