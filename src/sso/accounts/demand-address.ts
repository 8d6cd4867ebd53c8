import type { ClaimedIdentity } from '../oidc/claimed-identity.js';
import { SsoRefusal } from '../sso-refusal.js';

/**
 * The address of somebody, once it is known to be his and in a domain that may sign in.
 * @param trusted lists of domains, each of which must have it unless it is empty
 * @throws SsoRefusal
 */
export function demandAddress({ email, emailVerified }: ClaimedIdentity, ...trusted: (readonly string[])[]): string {
  if (email === undefined) throw new SsoRefusal('email_missing');
  if (!emailVerified) throw new SsoRefusal('email_not_verified');
  const domain = domainOf(email);
  if (!trusted.every((domains) => domains.length === 0 || domains.includes(domain)))
    throw new SsoRefusal('domain_not_trusted');
  return email;
}

export const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1);
