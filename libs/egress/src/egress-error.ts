import type { TlsRefusal } from './tls-refusal.js';

export type EgressReason =
  | 'url_refused'
  | 'address_refused'
  | 'dns_failed'
  | 'connect_failed'
  /** So many calls wait for a connection already that no more may. */
  | 'busy'
  | 'tls_failed'
  | 'timeout'
  | 'too_large'
  | 'aborted'
  | 'broken';

/** Why an outbound call failed. The message may be shown to an admin: host names yes, resolved addresses and credentials no. */
export class EgressError extends Error {
  override readonly name = 'EgressError';

  constructor(
    readonly reason: EgressReason,
    message: string,
    /** Set where the reason is `tls_failed`. */
    readonly tlsRefusal?: TlsRefusal,
  ) {
    super(message);
  }
}
