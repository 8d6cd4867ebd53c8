import type { Permission } from '#libs/policy';
import type { Secret } from '../../config/secret.js';

/** Where an authorization server says whether a token is in force (RFC 7662), and as whom the gateway asks. */
export interface IntrospectionClient {
  readonly endpoint: URL;
  readonly clientId: string;
  readonly clientSecret: Secret;
}

/** An external authorization server whose access tokens are taken, and how far. */
export interface AcceptedIssuer {
  /** Byte for byte the `iss` of its tokens. */
  readonly issuer: string;
  /** Undefined: found by the metadata of the issuer. */
  readonly jwksUri: URL | undefined;
  /** With it, the issuer is asked about every token, and its keys are not needed. */
  readonly introspection: IntrospectionClient | undefined;
  /** Audiences that stand for every virtual server. */
  readonly audiences: ReadonlySet<string>;
  /** The clients whose tokens are taken; undefined for all. */
  readonly clients: ReadonlySet<string> | undefined;
  /** The e-mail of an account by `sub`. */
  readonly users: ReadonlyMap<string, string>;
  /** For which verified e-mail addresses its word is taken, lower-case; `*` for all. */
  readonly emailDomains: ReadonlySet<string>;
  /** Whether a caller with a trusted e-mail needs no account; such a one sees what is public. */
  readonly unknownUsers: boolean;
  /** What its scopes grant; they are called like the permissions when the operator says nothing. */
  readonly scopes: ReadonlyMap<string, readonly Permission[]>;
  /** What each of its tokens grants, whatever its scopes. */
  readonly permissions: readonly Permission[];
}

/** The account that a verified token of this issuer stands for; undefined when the issuer can't say. */
export function emailOf({ users, emailDomains }: AcceptedIssuer, sub: string, email?: string): string | undefined {
  const mapped = users.get(sub);
  if (mapped !== undefined || email === undefined) return mapped;
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  return emailDomains.has('*') || emailDomains.has(domain) ? email.toLowerCase() : undefined;
}
