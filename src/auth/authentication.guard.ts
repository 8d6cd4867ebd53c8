import { type CanActivate, type ExecutionContext, Injectable, type Type } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import type { Request } from 'express';
import { GatewayError } from '../http/errors.js';
import type { CredentialSource } from '../http/request-context.js';
import { type RoutePolicy, routePolicyOf } from '../http/route-policy.js';
import { Possession } from './bound/possession.js';
import { AnonymousAccess } from './credentials/anonymous-access.js';
import { ANONYMOUS } from './credentials/anonymous.js';
import type { Credential } from './credentials/credential.js';
import { CredentialReader } from './credentials/credential-reader.js';
import { type ProtectedResource, ProtectedResources } from './issuers/protected-resources.js';
import { PrincipalCache } from './principals/principal-cache.js';

/** First of the guards: who is calling. A route without a policy is closed to everyone. */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  constructor(
    private readonly reader: CredentialReader,
    private readonly principals: PrincipalCache,
    private readonly anonymous: AnonymousAccess,
    private readonly resources: ProtectedResources,
    private readonly possession: Possession,
  ) {}

  canActivate(context: ExecutionContext): true | Promise<true> {
    const policy = routePolicyOf(context.getHandler(), context.getClass<Type>());
    if (!policy) throw new GatewayError('access_denied', undefined, 'route_without_policy');
    if (policy.kind === 'public') return true;
    const request = context.switchToHttp().getRequest<Request>();
    const resource = policy.kind === 'mcp' ? this.resources.find(request.params['serverId']) : undefined;
    request.context.resource = resource;
    const { resolvedUser } = request.context;
    const known = resolvedUser === undefined ? undefined : ({ source: 'plugin', email: resolvedUser } as const);
    const credential = known ?? this.reader.read(request, policy);
    if (credential.source === 'dpop' || resource?.asksForDpop) this.possession.announce(request.context);
    const found = this.#principalOf(credential, request, policy, resource);
    if (!(found instanceof Promise)) return this.#enter(found, credential, request, policy, resource);
    return found.then((principal) => this.#enter(principal, credential, request, policy, resource));
  }

  /** A cached principal proves anew that it holds what it is bound to; what is bound to nothing waits for nothing. */
  #enter(
    principal: Principal,
    credential: Credential,
    request: Request,
    policy: RoutePolicy,
    resource: ProtectedResource | undefined,
  ): true | Promise<true> {
    const { source } = credential;
    if (principal.binding === undefined && source !== 'dpop')
      return admit(principal, source, request, policy, resource);
    const proven = this.possession.demand(principal, credential, request);
    return proven.then(() => admit(principal, source, request, policy, resource));
  }

  #principalOf(
    credential: Credential,
    request: Request,
    policy: RoutePolicy,
    resource: ProtectedResource | undefined,
  ): Principal | Promise<Principal> {
    switch (credential.source) {
      case 'bearer':
      case 'dpop':
      case 'cookie':
        return this.principals.principalOf(credential.token, resource?.issuers);
      case 'basic':
        return this.principals.ofBasicAccount();
      case 'none':
        if (resource?.isPublic)
          throw new GatewayError('authentication_required', 'This server requires OAuth authentication');
        // Only here, where nothing at all was sent.
        if (this.anonymous.admits(policy, request.method)) return ANONYMOUS;
        throw this.reader.missing(request, policy);
      default:
        return this.principals.ofProxied(credential.email);
    }
  }
}

function admit(
  principal: Principal,
  source: CredentialSource,
  { context }: Request,
  policy: RoutePolicy,
  resource: ProtectedResource | undefined,
): true {
  if (principal.external && !resource?.admits(principal.external)) throw foreign(principal);
  context.principal = principal;
  context.credential = source;
  const ownAccount = policy.kind === 'signed-in' && policy.beforePasswordChange === true;
  if (principal.mustChangePassword && !ownAccount) throw new GatewayError('password_change_required');
  return true;
}

/** Told like a token of nobody: that there is such a server must not show. */
function foreign({ subject }: Principal): GatewayError {
  const error = new GatewayError('invalid_token', undefined, 'token_audience');
  error.holder = { subject, tokenId: null };
  return error;
}
