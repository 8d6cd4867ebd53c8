import type { ExternalToken, Permission, SenderConstraint } from '#libs/policy';
import { Injectable } from '@nestjs/common';
import type { ChallengedResource } from '../../http/bearer-challenge.js';
import { HttpSettings } from '../../http/http.settings.js';
import { normaliseId } from '../../http/normalise-id.js';
import type { AcceptedIssuer } from './accepted-issuer.js';
import { IssuerSettings } from './issuer.settings.js';
import { type OauthServer, OauthServers } from './oauth-servers.js';

/** The MCP endpoint of a virtual server as a protected resource (RFC 9728). */
export class ProtectedResource implements ChallengedResource {
  readonly issuers: ReadonlySet<string>;

  /** @param url the endpoint, without a slash at its end: what `aud` must have */
  constructor(
    readonly url: string,
    readonly metadataUrl: string | undefined,
    /** Whether everybody may know of the server. */
    readonly isPublic: boolean,
    private readonly accepted: readonly AcceptedIssuer[],
    readonly senderConstrained: SenderConstraint,
  ) {
    this.issuers = new Set(accepted.map(({ issuer }) => issuer));
  }

  /** Whether everybody is told that only tokens bound to a key are taken here. */
  get asksForDpop(): boolean {
    return this.senderConstrained === 'dpop' && this.metadataUrl !== undefined;
  }

  /** Whether a token of an external issuer is for this server. */
  admits({ issuer, audiences, everyServer }: ExternalToken): boolean {
    return this.issuers.has(issuer) && (everyServer || audiences.has(this.url));
  }

  scopesFor(permissions: readonly Permission[], issuer?: string): readonly string[] {
    const asked = this.accepted.filter((each) => issuer === undefined || each.issuer === issuer);
    const [first = [], ...others] = asked.map((each) => scopesOf(each, permissions));
    // A scope that only one of several issuers knows would be refused by the others.
    return others.every((scopes) => scopes.join(' ') === first.join(' ')) ? first : [];
  }
}

function scopesOf({ scopes }: AcceptedIssuer, permissions: readonly Permission[]): string[] {
  // Of several scopes the one that grants the least.
  const narrow = [...scopes].toSorted(([, a], [, b]) => a.length - b.length);
  const names = permissions.map((permission) => narrow.find(([, granted]) => granted.includes(permission))?.[0]);
  return [...new Set(names)].filter((name) => name !== undefined);
}

/** Finds the virtual servers that take tokens of external issuers. */
@Injectable()
export class ProtectedResources {
  readonly #known = new WeakMap<OauthServer, ProtectedResource>();

  constructor(
    private readonly servers: OauthServers,
    private readonly settings: IssuerSettings,
    private readonly http: HttpSettings,
  ) {}

  /** @param serverId in any of its spellings */
  find(serverId: unknown): ProtectedResource | undefined {
    const server = typeof serverId === 'string' ? this.servers.find(normaliseId(serverId)) : undefined;
    if (!server) return undefined;
    const known = this.#known.get(server) ?? this.#resourceOf(server);
    this.#known.set(server, known);
    return known;
  }

  #resourceOf({ id, visibility, authorizationServers, senderConstrained }: OauthServer): ProtectedResource {
    const path = `/servers/${id}/mcp` as const;
    const accepted = this.settings.issuers.filter(({ issuer }) => authorizationServers.includes(issuer));
    const isShown = visibility === 'public' && accepted.length > 0;
    const metadataUrl = isShown ? this.http.linkTo(`/.well-known/oauth-protected-resource${path}`) : undefined;
    const isPublic = visibility === 'public';
    return new ProtectedResource(this.http.linkTo(path), metadataUrl, isPublic, accepted, senderConstrained);
  }
}
