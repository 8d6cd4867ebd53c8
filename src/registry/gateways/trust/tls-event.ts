import { EgressError, type TlsRefusal } from '#libs/egress';
import { UpstreamError } from '#libs/mcp';

export type TlsEvent = `tls_${TlsRefusal}`;

/** Why there is no trust, by the name of its event; undefined for errors that have to do with something else. */
export function tlsEventOf(error: unknown): TlsEvent | undefined {
  const cause = error instanceof UpstreamError ? error.cause : error;
  return cause instanceof EgressError && cause.tlsRefusal ? `tls_${cause.tlsRefusal}` : undefined;
}
