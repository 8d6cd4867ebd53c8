/** Who somebody is, as a provider says it, once everything it said was verified. */
export interface ClaimedIdentity {
  readonly issuer: string;
  readonly subject: string;
  /** Lower-case; undefined when there is none that could be one. */
  readonly email: string | undefined;
  readonly emailVerified: boolean;
  readonly fullName: string | null;
  /** Null when the provider has them, and did not tell: nothing can rest on them. */
  readonly groups: ReadonlySet<string> | null;
  /** The session at the provider (OpenID Connect Back-Channel Logout section 2.1). */
  readonly sid: string | undefined;
  readonly idToken: string | undefined;
}
