import type { Grants, HeldRole } from './grants.js';
import type { TokenBinding } from './sender-constraint.js';
import type { TeamScope } from './team-scope.js';
import type { TokenRestrictions } from './token-restrictions.js';

/**
 * How the caller became known.
 * - `session`: a person who signed in
 * - `api_token`: a token that stands for one: ours, minted elsewhere with our key, or an external issuer's
 * - `service`: a workload, known by a token of its cluster or trust domain, that stands for a service account
 * - `basic`: the configured user of HTTP Basic
 * - `proxy`: named by a trusted proxy
 * - `anonymous`: nobody, where the operator lets nobody in; public rows only
 */
export type PrincipalKind = 'session' | 'api_token' | 'service' | 'basic' | 'proxy' | 'anonymous';

/** How often a token may be used, counted per request. */
export interface UsageQuota {
  /** Of the row that counts `maxUses`. */
  readonly tokenId: string;
  readonly perHour: number | undefined;
  readonly perDay: number | undefined;
  readonly maxUses: number | undefined;
}

/** Where an access token of an external authorization server may be used. */
export interface ExternalToken {
  readonly issuer: string;
  /** Its `aud`. */
  readonly audiences: ReadonlySet<string>;
  /** One of its audiences is one that the operator set for every virtual server. */
  readonly everyServer: boolean;
}

/** Whence a call comes. */
export interface CallOrigin {
  readonly clientAddress: string;
  readonly userAgent: string;
  readonly correlationId: string;
  /** The virtual server that it goes to. */
  readonly serverId?: string | undefined;
}

/** Who is calling: made by the one resolver of identity, frozen, only passed on. */
export interface Principal {
  readonly kind: PrincipalKind;
  /** E-mail, lower-case; `anonymous` for nobody, which is no e-mail. */
  readonly subject: string;
  readonly userId: string | null;
  readonly isAdmin: boolean;
  readonly teams: TeamScope;
  /** The roles of the user, as far as the credential reaches. */
  readonly roles: readonly HeldRole[];
  /** What they grant. */
  readonly grants: Grants;
  /** The teams that the user owns, as far as the credential reaches. */
  readonly ownedTeams: ReadonlySet<string>;
  /** The `jti` of the credential. */
  readonly tokenId: string | null;
  readonly restrictions: TokenRestrictions;
  /** Absent in credentials of our own; with it, the principal counts only where the token is for. */
  readonly external?: ExternalToken;
  /** Absent in credentials that whoever has them may use. */
  readonly binding?: TokenBinding;
  /** Absent when nothing is counted. */
  readonly quota?: UsageQuota;
  /** The sign-in that a session token belongs to; absent in tokens minted elsewhere. */
  readonly sessionId?: string;
  /** A session that reaches only the routes of its own account until the password is changed. */
  readonly mustChangePassword?: true;
  /** Epoch milliseconds; a credential without expiry has Infinity. */
  readonly expiresAt: number;
  /** Epoch milliseconds: when a role of the user ends, and the principal must be made anew; absent when none does. */
  readonly rolesUntil?: number;
  /** Whence the caller calls; only while a call is handled, never in what is remembered of him. */
  readonly origin?: CallOrigin;
}
