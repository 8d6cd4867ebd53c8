import { Injectable } from '@nestjs/common';
import { Egress } from '#libs/egress';
import { expandPermissions, type ExternalToken, type Permission, type TokenBinding } from '#libs/policy';
import { GatewayError } from '../../http/errors.js';
import { isJwsShaped, readStrictJws } from '../jwt/strict-jws.js';
import { type AcceptedIssuer, emailOf } from './accepted-issuer.js';
import type { ClaimsSource } from './claims-source.js';
import { type ExternalClaims, readExternalClaims } from './external-claims.js';
import { IntrospectedClaims } from './introspected-claims.js';
import { IssuerClient } from './issuer-client.js';
import { IssuerSettings } from './issuer.settings.js';
import { SignedClaims } from './signed-claims.js';

/** For whom a token of an accepted issuer stands, and how far it goes. */
export interface ExternalHolder {
  /** Of an account, lower-case; undefined when the issuer can't say whose. */
  readonly email: string | undefined;
  /** Whether the account need not exist. */
  readonly unknownUsers: boolean;
  /** What the scopes of the token grant at most. */
  readonly permissions: ReadonlySet<Permission>;
  readonly external: ExternalToken;
  /** Absent when whoever has the token may use it. */
  readonly binding?: TokenBinding;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

interface Accepted {
  readonly issuer: AcceptedIssuer;
  readonly source: ClaimsSource;
}

/** Verifies access tokens of the accepted issuers; for which server they are, is asked of who presents them. */
@Injectable()
export class ExternalTokens {
  readonly #accepted: ReadonlyMap<string, Accepted>;

  constructor({ issuers }: IssuerSettings, egress: Egress) {
    const client = new IssuerClient(egress);
    const accepted = issuers.map((issuer): [string, Accepted] => {
      const { introspection } = issuer;
      const source = introspection
        ? new IntrospectedClaims(issuer.issuer, introspection, client)
        : new SignedClaims(issuer.issuer, () => client.keySet(issuer));
      return [issuer.issuer, { issuer, source }];
    });
    this.#accepted = new Map(accepted);
  }

  /**
   * @param issuers those that the door takes tokens of
   * @returns undefined for a token of none of them
   * @throws GatewayError 401 for one that does not hold, 503 when its issuer can't be asked
   */
  async verify(token: string, issuers: ReadonlySet<string>): Promise<ExternalHolder | undefined> {
    const accepted = this.#issuerOf(token, issuers);
    if (!accepted) return undefined;
    const claims = readExternalClaims(await accepted.source.claimsOf(token));
    if (claims === 'expired') throw new GatewayError('token_expired');
    if (typeof claims === 'string') throw new GatewayError('invalid_token', `Invalid token: ${claims}`);
    return holderOf(accepted.issuer, claims);
  }

  /** What a token says of its issuer chooses only who is to vouch for it. */
  #issuerOf(token: string, issuers: ReadonlySet<string>): Accepted | undefined {
    if (isJwsShaped(token)) {
      const issuer = readStrictJws(token, ['x5t'])?.['iss'];
      return typeof issuer === 'string' && issuers.has(issuer) ? this.#accepted.get(issuer) : undefined;
    }
    // A token that says nothing is shown to an issuer only if no other could have made it.
    const asked = [...issuers].flatMap((issuer) => this.#accepted.get(issuer) ?? []);
    const answering = asked.filter(({ issuer }) => issuer.introspection !== undefined);
    return answering.length === 1 ? answering[0] : undefined;
  }
}

function holderOf(issuer: AcceptedIssuer, claims: ExternalClaims): ExternalHolder {
  const { clients } = issuer;
  if (clients && (claims.clients.length === 0 || !claims.clients.every((client) => clients.has(client))))
    throw new GatewayError('invalid_token', undefined, 'token_client');
  return {
    email: emailOf(issuer, claims.sub, claims.email),
    unknownUsers: issuer.unknownUsers,
    permissions: granted(issuer, claims.scopes),
    external: {
      issuer: issuer.issuer,
      audiences: claims.audiences,
      everyServer: [...claims.audiences].some((audience) => issuer.audiences.has(audience)),
    },
    ...(claims.binding && { binding: claims.binding }),
    expiresAt: claims.expiresAt,
  };
}

function granted({ scopes: known, permissions }: AcceptedIssuer, scopes: readonly string[]): ReadonlySet<Permission> {
  const byScope = scopes.flatMap((scope) => known.get(scope) ?? []);
  return expandPermissions([...permissions, ...byScope]);
}
