import type { Principal } from '#libs/policy';
import type { RequestContext } from '../../http/request-context.js';
import type { CatalogItem } from '../../registry/catalog/catalog.js';
import type { CallFacts } from '../plugin-context.js';

/** The tenant of a call is a team: the one that the credential is narrowed to, or else the one that has the target. */
export function tenantOf(principal: Principal | undefined, target: CatalogItem | undefined): string | undefined {
  const scope = principal?.teams;
  const only = scope?.kind === 'teams' && scope.narrowed && scope.ids.size === 1 ? [...scope.ids][0] : undefined;
  return only ?? target?.teamId ?? undefined;
}

export function callFacts(
  { correlationId, principal, serverId, clientAddress, userAgent }: RequestContext,
  target: CatalogItem | undefined,
  tenantId: string | undefined,
): CallFacts {
  return {
    requestId: correlationId,
    user: principal?.subject ?? 'anonymous',
    principal,
    tenantId,
    serverId,
    target,
    clientAddress,
    userAgent,
  };
}
