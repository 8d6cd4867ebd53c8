import { applyDecorators, SetMetadata, type Type } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension } from '@nestjs/swagger';
import type { Permission } from '#libs/policy';

export interface SignedInOptions {
  /** A page of documentation: HTTP Basic has its own switch there. */
  readonly documentation?: true;
  /** Open to a session whose user must change the password first; for the routes of the own account alone. */
  readonly beforePasswordChange?: true;
}

/** What a route asks of its caller; every route carries exactly one. */
export type RoutePolicy =
  | { readonly kind: 'public'; readonly reason: string }
  | ({ readonly kind: 'signed-in' } & SignedInOptions)
  | { readonly kind: 'permission'; readonly permission: Permission }
  | { readonly kind: 'mcp'; readonly permission: Permission; readonly transport?: 'sse' };

export const ROUTE_POLICY = 'portcullis:route-policy';

function policy(value: RoutePolicy): MethodDecorator & ClassDecorator {
  const secured = value.kind === 'public' ? [] : [ApiBearerAuth()];
  const shown =
    value.kind === 'permission' || value.kind === 'mcp' ? [ApiExtension('x-permission', value.permission)] : [];
  return applyDecorators(SetMetadata(ROUTE_POLICY, Object.freeze(value)), ...secured, ...shown);
}

/** Open to everyone, with the reason why. */
export const Public = (reason: string): MethodDecorator & ClassDecorator => policy({ kind: 'public', reason });
/** Open to every signed-in caller, for what is their own. */
export const SignedIn = (options: SignedInOptions = {}): MethodDecorator & ClassDecorator =>
  policy({ kind: 'signed-in', ...options });
/** Open to callers who hold the permission. */
export const Requires = (permission: Permission): MethodDecorator & ClassDecorator =>
  policy({ kind: 'permission', permission });
/**
 * An MCP endpoint: wakes the EnvelopeGuard; each method then asks for its own permission.
 * @param transport `sse`: that of 2024-11-05
 */
export const McpEndpoint = (transport?: 'sse'): MethodDecorator & ClassDecorator =>
  policy({ kind: 'mcp', permission: 'servers.use', ...(transport && { transport }) });

const known = new WeakMap<object, RoutePolicy>();

/** The policy of a handler, its own before its class's. Asked by every guard of every call, so it is looked up once. */
export function routePolicyOf(handler: object, controller: Type): RoutePolicy | undefined {
  const found = known.get(handler);
  if (found) return found;
  const own = Reflect.getMetadata(ROUTE_POLICY, handler) as RoutePolicy | undefined;
  // Not that of the class: two controllers may inherit one handler.
  if (own) known.set(handler, own);
  return own ?? (Reflect.getMetadata(ROUTE_POLICY, controller) as RoutePolicy | undefined);
}
