import type { PresentedCertificate } from '#libs/egress';
import type { Era, Revision } from '#libs/mcp';
import type { TlsEvent } from '../trust/tls-event.js';

export class PresentedCertificateDto implements PresentedCertificate {
  subject: string;
  issuer: string;
  /** As X.509 writes it, GMT. */
  validTo: string;
  /** Of its key, as `tlsPins` takes it. */
  pin: string;
}

/** What a health check found just now. */
export class GatewayHealthDto {
  reachable: boolean;
  /** Milliseconds until the upstream had said what it is, or until the check gave up. */
  latencyMs: number;
  era: Era;
  revision: Revision;
  /** What went wrong. */
  error?: string;
  /** Why there is no trust, by the name that the event has in the audit trail. */
  tlsEvent?: TlsEvent;
  /** What an upstream at https shows now, trusted or not: its own certificate first. */
  certificates?: PresentedCertificateDto[];
}
