import { isIP } from 'node:net';
import { createSecureContext, rootCertificates } from 'node:tls';
import { buildConnector } from 'undici';
import type { AddressPolicy } from './address-policy.js';
import { checkedLookup } from './checked-lookup.js';
import { EgressError } from './egress-error.js';
import type { Lookup } from './lookup.js';
import { toEgressError } from './to-egress-error.js';

/** How long one of several addresses is tried before the next joins the race, in milliseconds (RFC 8305). */
const NEXT_ADDRESS_MS = 500;

/** How we prove who we are to certain peers, and what proves who they are; PEM throughout. */
export interface PeerTls {
  /** The only authorities that are trusted; those of everybody when left out. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  /** Whether their certificate must be of a trusted authority; as for everybody when left out. */
  readonly verify?: boolean;
  /** Whether it must name their host. */
  readonly checkHostname: boolean;
}

export interface ConnectorOptions {
  readonly policy: AddressPolicy;
  readonly lookup: Lookup;
  /** Bounds look-up, TCP and TLS together, in milliseconds; kept to about a second. */
  readonly connectTimeoutMs: number;
  readonly rejectUnauthorized: boolean;
  /** PEM certificates that are trusted besides the built-in ones. */
  readonly ca?: string | readonly string[];
  readonly tls?: PeerTls;
}

/** Opens sockets to checked addresses only: the host is looked up once per connection, and the socket gets that answer. */
export function guardedConnector(options: ConnectorOptions): buildConnector.connector {
  const { policy, lookup, connectTimeoutMs, rejectUnauthorized, ca, tls } = options;
  const { verify, checkHostname, ...identity } = tls ?? { checkHostname: true };
  const dial = buildConnector({
    timeout: connectTimeoutMs,
    lookup: checkedLookup(policy, lookup),
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
    rejectUnauthorized: verify ?? rejectUnauthorized,
    ...(!checkHostname && { checkServerIdentity: () => undefined }),
    // One context for all connections: parsing the trusted certificates takes milliseconds.
    secureContext: createSecureContext({
      ...(ca !== undefined && { ca: [...rootCertificates, ...[ca].flat()] }),
      ...identity,
    }),
  });
  return ({ hostname, host, protocol, port }, callback) => {
    const refusal = policy.refusalOfHost(hostname);
    if (refusal !== undefined) {
      queueMicrotask(() => callback(new EgressError('address_refused', `${hostname} is ${refusal}`), null));
      return;
    }
    // The name in the certificate is the host's, even if a caller sends another one in a Host header.
    const servername = isIP(hostname) === 0 ? { servername: hostname.replace(/\.$/, '') } : {};
    dial({ hostname, protocol, port, ...(host === undefined ? {} : { host }), ...servername }, (...[error, socket]) => {
      if (error) callback(toEgressError(error, hostname, 'connect_failed'), null);
      else callback(null, socket);
    });
  };
}
