import { parseUrl } from '#libs/egress';
import type { JsonObject } from '#libs/mcp';
import type { IssuerClient } from '../../auth/issuers/issuer-client.js';
import { oauthFault } from '../oauth-fault.js';
import type { Challenge } from './challenge.js';

/** What an upstream says of itself (RFC 9728). */
export interface ProtectedResource {
  /** As it was written. */
  readonly resource: string;
  readonly authorizationServers: readonly string[];
  readonly scopes: readonly string[] | undefined;
}

const PATH = '/.well-known/oauth-protected-resource';

/**
 * Undefined where there is no such document.
 * @param safe throws for a URL that may not be asked
 * @throws GatewayError `oauth_failed` for one that is about another resource, or that was named and can't be had
 */
export async function findProtectedResource(
  client: IssuerClient,
  upstream: URL,
  { resourceMetadata }: Challenge,
  safe: (url: string) => URL,
): Promise<ProtectedResource | undefined> {
  if (resourceMetadata !== undefined) {
    const found = await client.get(safe(resourceMetadata)).catch((error: unknown) => {
      throw oauthFault('the document that the upstream names in resource_metadata cannot be had', error);
    });
    return read(found, upstream);
  }
  const path = upstream.pathname.replace(/\/$/, '');
  for (const place of new Set([PATH + path, PATH])) {
    const found = await client.get(new URL(upstream.origin + place)).catch(() => undefined);
    if (found) return read(found, upstream);
  }
  return undefined;
}

function read(document: JsonObject, upstream: URL): ProtectedResource {
  const { resource, authorization_servers: servers, scopes_supported: scopes } = document;
  if (typeof resource !== 'string' || !covers(resource, upstream))
    throw oauthFault('the upstream’s metadata is about another resource');
  return {
    resource,
    authorizationServers: texts(servers) ?? [],
    scopes: texts(scopes),
  };
}

/** Of the same origin, and the path or a part of it from the left (RFC 9728 section 3.3, as MCP has it). */
function covers(resource: string, upstream: URL): boolean {
  const url = parseUrl(resource);
  if (!url || url.origin !== upstream.origin) return false;
  const path = url.pathname.replace(/\/$/, '');
  return upstream.pathname === path || upstream.pathname.startsWith(`${path}/`);
}

function texts(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.length <= 200 && value.every((each): each is string => typeof each === 'string')
    ? value
    : undefined;
}
