import { Injectable } from '@nestjs/common';
import { Egress } from '#libs/egress';
import type { Permission } from '#libs/policy';
import { GatewayError } from '../../http/errors.js';
import { readExternalClaims } from '../issuers/external-claims.js';
import { IssuerClient } from '../issuers/issuer-client.js';
import { SignedClaims } from '../issuers/signed-claims.js';
import { isJwsShaped, readStrictJws } from '../jwt/strict-jws.js';
import { isServiceAccount, trustDomainOf } from './subject-pattern.js';
import type { WorkloadIssuer } from './workload-issuer.js';
import { workloadKeys } from './workload-keys.js';
import { WorkloadSettings } from './workload.settings.js';

/** The service account for which a workload calls. */
export interface WorkloadHolder {
  /** E-mail, lower-case. */
  readonly account: string;
  readonly permissions: ReadonlySet<Permission>;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

interface Vouching {
  readonly issuer: WorkloadIssuer;
  readonly claims: SignedClaims;
}

/** JWT-SVID section 3: no others are taken, nor of Kubernetes, which signs with RS256 and ES256. */
const ALGORITHMS = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512'.split(' ');

/** Verifies tokens of workloads: of service accounts of Kubernetes, and JWT-SVIDs. */
@Injectable()
export class WorkloadTokens {
  readonly #vouching: readonly Vouching[];

  constructor({ issuers }: WorkloadSettings, egress: Egress) {
    const client = new IssuerClient(egress);
    this.#vouching = issuers.map((issuer) => {
      const name = issuer.trustDomain ?? issuer.issuer ?? '';
      return { issuer, claims: new SignedClaims(name, () => workloadKeys(issuer, client), ALGORITHMS) };
    });
  }

  /**
   * @returns undefined for a token that none of them vouches for
   * @throws GatewayError 401 for one that does not hold or means no service account, 503 when the keys can't be had
   */
  async verify(token: string): Promise<WorkloadHolder | undefined> {
    const payload = this.#vouching.length > 0 && isJwsShaped(token) ? readStrictJws(token) : undefined;
    const { iss, sub } = payload ?? {};
    if (typeof sub !== 'string') return undefined;
    // What a token says of itself chooses only whose keys it is held against.
    const domain = trustDomainOf(sub);
    const found = this.#vouching.find(({ issuer }) =>
      domain === undefined ? issuer.trustDomain === undefined && issuer.issuer === iss : issuer.trustDomain === domain,
    );
    return found && this.#holder(found, sub, await found.claims.claimsOf(token));
  }

  #holder({ issuer }: Vouching, sub: string, verified: Parameters<typeof readExternalClaims>[0]): WorkloadHolder {
    const claims = readExternalClaims(verified);
    if (claims === 'expired') throw new GatewayError('token_expired');
    if (typeof claims === 'string') throw new GatewayError('invalid_token', `Invalid token: ${claims}`);
    // Its proof is asked of other tokens alone; without one it is not for bearers (RFC 7800).
    if (verified['cnf'] !== undefined) throw refused('token_bound');
    if (issuer.issuer !== undefined && verified['iss'] !== issuer.issuer) throw refused('token_issuer');
    // All of them: whoever else a token is for could use it here.
    const { audiences, expiresAt } = claims;
    if (audiences.size === 0 || ![...audiences].every((audience) => issuer.audiences.has(audience)))
      throw refused('token_audience');
    const issuedAt = typeof verified['iat'] === 'number' ? verified['iat'] * 1000 : Date.now();
    if (expiresAt - issuedAt > issuer.longestLifetime * 1000) throw refused('token_lifetime');
    if (issuer.trustDomain === undefined && !isServiceAccount(sub)) throw refused('workload_unmapped');
    const service = issuer.services.find(({ subject }) => subject.matches(sub));
    if (!service) throw refused('workload_unmapped');
    return { account: service.account, permissions: service.permissions, expiresAt };
  }
}

const refused = (reason: string): GatewayError => new GatewayError('invalid_token', undefined, reason);
