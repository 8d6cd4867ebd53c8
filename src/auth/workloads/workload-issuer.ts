import type { Permission } from '#libs/policy';
import type { SubjectPattern } from './subject-pattern.js';

/** Which workloads a service account stands for. */
export interface ServiceMapping {
  readonly subject: SubjectPattern;
  /** E-mail of the account, lower-case. */
  readonly account: string;
  /** What its tokens may do at most; the roles of the account have to grant it. */
  readonly permissions: ReadonlySet<Permission>;
}

/** Who vouches for workloads: a Kubernetes cluster, or a SPIFFE trust domain. */
export interface WorkloadIssuer {
  /** Byte for byte the `iss` of its tokens; undefined where a trust domain gives none. */
  readonly issuer: string | undefined;
  /** Undefined for a cluster. */
  readonly trustDomain: string | undefined;
  /** Both undefined: found by the metadata of the issuer. */
  readonly jwksUri: URL | undefined;
  readonly jwksFile: string | undefined;
  /** Every `aud` of a token must be one of these. */
  readonly audiences: ReadonlySet<string>;
  /** Seconds from its issue, or from now where it does not say, to its expiry. */
  readonly longestLifetime: number;
  /** The first that matches counts. */
  readonly services: readonly ServiceMapping[];
}
