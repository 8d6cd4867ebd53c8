import { MAIL_ADDRESS } from '#libs/fields';
import type { SsoProvider } from '../providers/sso-provider.entity.js';
import type { Claims } from './claims.js';
import type { ClaimedIdentity } from './claimed-identity.js';

const LONGEST = 191;

/**
 * The address, and whether it is known to be that of whoever signs in. True, the JSON value, is the only word for it that
 * is believed; where there is none, the operator may have said that the provider speaks for a domain of his.
 */
export function claimedEmail(
  claims: Claims,
  { kind, options }: SsoProvider,
): Pick<ClaimedIdentity, 'email' | 'emailVerified'> {
  const text = claims[options.email_claim];
  if (typeof text !== 'string' || text.length > LONGEST || !MAIL_ADDRESS.test(text))
    return { email: undefined, emailVerified: false };
  const email = text.toLowerCase();
  // The word is about `email`, and about no other claim.
  const said = options.email_claim === 'email' ? claims['email_verified'] : undefined;
  if (said !== undefined) return { email, emailVerified: said === true };
  // Entra: whether the owner of the domain was verified.
  const owner = kind === 'entra' ? claims['xms_edov'] : undefined;
  if (owner !== undefined) return { email, emailVerified: owner === true || owner === 1 };
  return { email, emailVerified: options.verified_domains.includes(email.slice(email.lastIndexOf('@') + 1)) };
}
