import { type CanActivate, type ExecutionContext, Injectable, type Type } from '@nestjs/common';
import type { Request } from 'express';
import { GatewayError } from '../http/errors.js';
import { routePolicyOf } from '../http/route-policy.js';
import { PrincipalCache } from './principal-cache.js';

/** First of the guards: who is calling. A route without a policy is closed to everyone. */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  constructor(private readonly principals: PrincipalCache) {}

  canActivate(context: ExecutionContext): true | Promise<true> {
    const policy = routePolicyOf(context.getHandler(), context.getClass<Type>());
    if (!policy) throw new GatewayError('access_denied', undefined, 'route_without_policy');
    if (policy.kind === 'public') return true;
    const request = context.switchToHttp().getRequest<Request>();
    const found = this.principals.principalOf(bearerToken(request.headers.authorization));
    if (!(found instanceof Promise)) {
      request.context.principal = found;
      return true;
    }
    return found.then((principal) => {
      request.context.principal = principal;
      return true;
    });
  }
}

function bearerToken(header: string | undefined): string {
  if (header === undefined) throw new GatewayError('authentication_required');
  if (header.slice(0, 7).toLowerCase() !== 'bearer ') throw new GatewayError('invalid_token');
  return header.slice(7).trim();
}
