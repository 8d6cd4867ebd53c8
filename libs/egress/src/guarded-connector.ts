import { isIP, type Socket } from 'node:net';
import { createSecureContext, rootCertificates, TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import type { AddressPolicy } from './address-policy.js';
import { checkedLookup } from './checked-lookup.js';
import { EgressError } from './egress-error.js';
import type { Lookup } from './lookup.js';
import { peerChain, pinOf } from './peer-chain.js';
import { type PeerTls, secureOptions } from './peer-tls.js';
import type { TlsRefusal } from './tls-refusal.js';
import { toEgressError } from './to-egress-error.js';

/** How long one of several addresses is tried before the next joins the race, in milliseconds (RFC 8305). */
const NEXT_ADDRESS_MS = 500;

export interface ConnectorOptions {
  readonly policy: AddressPolicy;
  readonly lookup: Lookup;
  /** Bounds look-up, TCP and TLS together, in milliseconds; kept to about a second. */
  readonly connectTimeoutMs: number;
  readonly rejectUnauthorized: boolean;
  /** PEM certificates that are trusted besides the built-in ones. */
  readonly ca?: string | readonly string[];
  /** Told of each connection that came to nothing for want of trust, or that the peer ended for want of it. */
  readonly onUntrusted?: (origin: string, refusal: TlsRefusal, tls: PeerTls | undefined) => void;
}

/**
 * Opens sockets to checked addresses only: the host is looked up once per connection, and the socket gets that answer.
 * @param tls what of TLS is not as it is for everybody
 */
export function guardedConnector(options: ConnectorOptions, tls?: PeerTls): buildConnector.connector {
  const { policy, lookup, connectTimeoutMs, rejectUnauthorized, ca, onUntrusted } = options;
  const { verify = rejectUnauthorized, checkHostname = true, pins = [] } = tls?.options ?? {};
  const dial = buildConnector({
    timeout: connectTimeoutMs,
    lookup: checkedLookup(policy, lookup),
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
    rejectUnauthorized: verify,
    ...(!checkHostname && { checkServerIdentity: () => undefined }),
    // A resumed session shows no certificate to be judged anew.
    ...(tls && { maxCachedSessions: 0 }),
    // One context for all connections: parsing the trusted certificates takes milliseconds.
    secureContext: createSecureContext({
      ...(tls && secureOptions(tls.options)),
      ca: tls?.options.ca ?? (ca === undefined ? undefined : [...rootCertificates, ...[ca].flat()]),
    }),
  });
  return ({ hostname, host, protocol, port }, callback) => {
    const refusal = policy.refusalOfHost(hostname);
    if (refusal !== undefined) {
      queueMicrotask(() => callback(new EgressError('address_refused', `${hostname} is ${refusal}`), null));
      return;
    }
    const told = (error: unknown): EgressError => {
      const known = toEgressError(error, hostname, 'connect_failed');
      if (known.tlsRefusal) onUntrusted?.(`${protocol}//${host ?? hostname}`, known.tlsRefusal, tls);
      return known;
    };
    // The name in the certificate is the host's, even if a caller sends another one in a Host header.
    const servername = isIP(hostname) === 0 ? { servername: hostname.replace(/\.$/, '') } : {};
    dial({ hostname, protocol, port, ...(host === undefined ? {} : { host }), ...servername }, (...[error, socket]) => {
      if (error) return callback(told(error), null);
      if (pins.length > 0 && !isPinned(socket, pins)) {
        socket.destroy();
        const mismatch = `No key that ${hostname} presents is pinned`;
        return callback(told(new EgressError('tls_failed', mismatch, 'pin_mismatch')), null);
      }
      // With TLS 1.3 a peer judges our certificate when the connection is there already; undici would tell of its end alone.
      if (socket instanceof TLSSocket) {
        socket.once('error', (alert) => {
          const known = told(alert);
          if (known.tlsRefusal) socket.destroy(known);
        });
      }
      callback(null, socket);
    });
  };
}

const isPinned = (socket: Socket, pins: readonly string[]): boolean =>
  socket instanceof TLSSocket && peerChain(socket).some((certificate) => pins.includes(pinOf(certificate)));
