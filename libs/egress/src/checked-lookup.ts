import { isIP, type LookupFunction } from 'node:net';
import type { LookupAddress } from 'node:dns';
import type { AddressPolicy } from './address-policy.js';
import { EgressError } from './egress-error.js';
import type { Lookup } from './lookup.js';
import { toEgressError } from './to-egress-error.js';

/**
 * A look-up for sockets that yields checked addresses only. One refused address refuses the name: a public address next to
 * it is no reason to trust who answers for that name.
 */
export function checkedLookup(policy: AddressPolicy, lookup: Lookup): LookupFunction {
  return (hostname, options, callback) => {
    const answer = (error: Error | null, [first, ...others]: readonly LookupAddress[]): void => {
      if (error || !first) callback(error ?? new EgressError('dns_failed', `${hostname} does not resolve`), '');
      else if (options.all) callback(null, [first, ...others]);
      else callback(null, first.address, first.family);
    };
    check(policy, lookup, hostname).then(
      (addresses) => answer(null, addresses),
      (error: unknown) => answer(toEgressError(error, hostname, 'dns_failed'), []),
    );
  };
}

async function check(policy: AddressPolicy, lookup: Lookup, hostname: string): Promise<LookupAddress[]> {
  const addresses = await lookup(hostname);
  for (const address of addresses) {
    const refusal = policy.refusalOfAddress(address);
    if (refusal !== undefined) throw new EgressError('address_refused', `${hostname} resolves to ${refusal}`);
  }
  return addresses.map((address) => ({ address, family: isIP(address) }));
}
