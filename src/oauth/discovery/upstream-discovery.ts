import { Egress, parseUrl } from '#libs/egress';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { ServerMetadata } from 'openid-client';
import { IssuerClient } from '../../auth/issuers/issuer-client.js';
import type { OauthUpstream } from '../../registry/gateways/oauth-access.js';
import { oauthFault } from '../oauth-fault.js';
import { OauthSettings } from '../oauth.settings.js';
import { type TrustedUpstream, wayFor } from '../upstream-way.js';
import type { Challenge } from './challenge.js';
import { findProtectedResource, type ProtectedResource } from './protected-resource.js';

/** Where tokens for an upstream are got. */
export interface Discovered {
  readonly server: ServerMetadata;
  /** The resource indicator to send (RFC 8707); undefined for none. */
  readonly resource: string | undefined;
  /** What the upstream says that it knows; undefined when it says nothing. */
  readonly scopes: readonly string[] | undefined;
}

/** Issuers whose metadata is kept. */
const MOST_ISSUERS = 1000;
/** Characters of the column. */
const LONGEST_ISSUER = 191;

/** Finds the authorization server of an upstream: as the operator says, or as RFC 9728 and RFC 8414 do. */
@Injectable()
export class UpstreamDiscovery {
  readonly #kept: LRUCache<string, ServerMetadata> | undefined;

  constructor(
    private readonly egress: Egress,
    private readonly settings: OauthSettings,
  ) {
    const ttl = settings.metadataSeconds * 1000;
    this.#kept = ttl > 0 ? new LRUCache({ max: MOST_ISSUERS, ttl }) : undefined;
  }

  /** @throws GatewayError `oauth_failed` */
  async of(upstream: OauthUpstream, challenge: Challenge): Promise<Discovered> {
    const { config } = upstream;
    const url = new URL(upstream.url);
    const safe = (text: string): URL => this.#safe(text, url.origin);
    const named = namedServer(config);
    if (named) return { server: this.#checked(named), resource: indicator(config, undefined, url), scopes: undefined };
    const document = await findProtectedResource(this.#clientFor(upstream), url, challenge, safe);
    const server = await this.server(upstream, issuerOf(config, document));
    if (config.grant_type === 'authorization_code' && !server.code_challenge_methods_supported?.includes('S256'))
      throw oauthFault(`${server.issuer} does not say that it supports PKCE with S256`);
    return { server, resource: indicator(config, document, url), scopes: document?.scopes };
  }

  /** What an authorization server says of itself when it is asked for an upstream's sake. @throws GatewayError `oauth_failed` */
  async server(upstream: TrustedUpstream, issuer: string): Promise<ServerMetadata> {
    const { tls } = wayFor(upstream)(this.#safe(issuer));
    // Whom one gateway trusts has nothing to say to another.
    const key = `${tls?.id ?? ''} ${issuer}`;
    const kept = this.#kept?.get(key);
    if (kept) return kept;
    if (issuer.length > LONGEST_ISSUER) throw oauthFault(`the issuer is longer than ${LONGEST_ISSUER} characters`);
    const metadata = await this.#clientFor(upstream)
      .metadata(issuer)
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : 'it does not answer';
        throw oauthFault(`the authorization server cannot be used: ${reason}`, error);
      });
    const server = this.#checked({ ...metadata, issuer });
    this.#kept?.set(key, server);
    return server;
  }

  #clientFor(upstream: TrustedUpstream): IssuerClient {
    return new IssuerClient(this.egress, wayFor(upstream));
  }

  #checked(server: ServerMetadata): ServerMetadata {
    const {
      authorization_endpoint: authorization,
      token_endpoint: token,
      registration_endpoint: registration,
      revocation_endpoint: revocation,
    } = server;
    if (typeof token !== 'string') throw oauthFault(`${server.issuer} has no token endpoint`);
    for (const url of [authorization, token, registration, revocation]) if (url !== undefined) this.#safe(url);
    return server;
  }

  /** @param trusted an origin that the operator registered as it is */
  #safe(text: string, trusted?: string): URL {
    const url = parseUrl(text);
    const safe =
      url &&
      // Who is sent there must not take what stands before the @ for the host.
      url.username + url.password === '' &&
      (url.protocol === 'https:' || (url.protocol === 'http:' && (this.settings.allowHttp || url.origin === trusted)));
    if (!safe) throw oauthFault('an address of the authorization server is not https');
    return url;
  }
}

/** Of an authorization server that has no metadata, what the operator says. */
export function namedServer(config: OauthUpstream['config']): ServerMetadata | undefined {
  const { issuer, token_url: token, authorization_url: authorization } = config;
  if (token === undefined) return undefined;
  return {
    issuer: issuer ?? new URL(token).origin,
    token_endpoint: token,
    ...(authorization !== undefined && { authorization_endpoint: authorization }),
  };
}

function issuerOf({ issuer }: OauthUpstream['config'], document: ProtectedResource | undefined): string {
  const offered = document?.authorizationServers;
  if (issuer === undefined) {
    const [first] = offered ?? [];
    if (first === undefined)
      throw oauthFault('the upstream does not say which authorization server it has; set issuer');
    return first;
  }
  // A client that is known at one is nobody at another.
  if (offered && offered.length > 0 && !offered.includes(issuer))
    throw oauthFault(`the upstream takes no tokens of ${issuer} any more`);
  return issuer;
}

function indicator(
  { resource, send_resource: send = true }: OauthUpstream['config'],
  document: ProtectedResource | undefined,
  upstream: URL,
): string | undefined {
  if (!send) return undefined;
  return resource ?? document?.resource ?? upstream.origin + upstream.pathname.replace(/\/$/, '');
}
