import { type CanActivate, type ExecutionContext, Injectable, type Type } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import type { Request } from 'express';
import { GatewayError } from '../http/errors.js';
import type { CredentialSource } from '../http/request-context.js';
import { type RoutePolicy, routePolicyOf } from '../http/route-policy.js';
import { AnonymousAccess } from './credentials/anonymous-access.js';
import { ANONYMOUS } from './credentials/anonymous.js';
import type { Credential } from './credentials/credential.js';
import { CredentialReader } from './credentials/credential-reader.js';
import { PrincipalCache } from './principals/principal-cache.js';

/** First of the guards: who is calling. A route without a policy is closed to everyone. */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  constructor(
    private readonly reader: CredentialReader,
    private readonly principals: PrincipalCache,
    private readonly anonymous: AnonymousAccess,
  ) {}

  canActivate(context: ExecutionContext): true | Promise<true> {
    const policy = routePolicyOf(context.getHandler(), context.getClass<Type>());
    if (!policy) throw new GatewayError('access_denied', undefined, 'route_without_policy');
    if (policy.kind === 'public') return true;
    const request = context.switchToHttp().getRequest<Request>();
    const credential = this.reader.read(request, policy);
    const found = this.#principalOf(credential, request, policy);
    if (!(found instanceof Promise)) return admit(found, credential.source, request, policy);
    return found.then((principal) => admit(principal, credential.source, request, policy));
  }

  #principalOf(credential: Credential, request: Request, policy: RoutePolicy): Principal | Promise<Principal> {
    switch (credential.source) {
      case 'bearer':
      case 'cookie':
        return this.principals.principalOf(credential.token);
      case 'basic':
        return this.principals.ofBasicAccount();
      case 'none':
        // Only here, where nothing at all was sent.
        if (this.anonymous.admits(policy, request.method)) return ANONYMOUS;
        throw this.reader.missing(request, policy);
      default:
        return this.principals.ofProxied(credential.email);
    }
  }
}

function admit(principal: Principal, source: CredentialSource, { context }: Request, policy: RoutePolicy): true {
  context.principal = principal;
  context.credential = source;
  const ownAccount = policy.kind === 'signed-in' && policy.beforePasswordChange === true;
  if (principal.mustChangePassword && !ownAccount) throw new GatewayError('password_change_required');
  return true;
}
