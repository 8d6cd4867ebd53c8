import type { AddressPolicy } from './address-policy.js';
import { EgressError } from './egress-error.js';

/**
 * Throws an {@link EgressError} when a URL may not be called: another scheme than http and https, credentials, a fragment, or
 * a host that the policy refuses. A name still has to pass by its addresses when the connection is made.
 */
export function checkTarget(url: URL, policy: AddressPolicy, allowHttp = true): void {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refused('must begin with http:// or https://');
  if (url.protocol === 'http:' && !allowHttp) throw refused('must begin with https://');
  if (url.username !== '' || url.password !== '') throw refused('must not carry a user name or password');
  if (url.href.includes('#')) throw refused('must not have a fragment');
  const refusal = policy.refusalOfHost(url.hostname);
  if (refusal !== undefined) throw new EgressError('address_refused', `${url.hostname} is ${refusal}`);
}

function refused(rule: string): EgressError {
  return new EgressError('url_refused', `The URL ${rule}`);
}
