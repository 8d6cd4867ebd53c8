import { EgressError, type EgressReason } from './egress-error.js';
import { tlsRefusalOf } from './tls-refusal.js';

const REASONS: readonly (readonly [codes: RegExp, reason: EgressReason])[] = [
  [/^(ENOTFOUND|ENODATA|EAI_\w+)$/, 'dns_failed'],
  [/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EACCES|EPERM)$/, 'connect_failed'],
  [/TIMEDOUT$|TIMEOUT$|^TimeoutError$/, 'timeout'],
  [
    /^(ERR_TLS|ERR_SSL|EPROTO|CERT_|CRL_|UNABLE_TO_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|HOSTNAME_MISMATCH)|_CERT\b|_CERT_/,
    'tls_failed',
  ],
  [/^(UND_ERR_RES_EXCEEDED_MAX_SIZE|UND_ERR_HEADERS_OVERFLOW|HPE_HEADER_OVERFLOW)$/, 'too_large'],
  [/^(UND_ERR_ABORTED|UND_ERR_DESTROYED|UND_ERR_CLOSED|ABORT_ERR|AbortError)$/, 'aborted'],
];

const PHRASES: Readonly<Record<EgressReason, (host: string) => string>> = {
  url_refused: (host) => `The URL of ${host} is refused`,
  address_refused: (host) => `The address of ${host} is refused`,
  dns_failed: (host) => `${host} does not resolve`,
  connect_failed: (host) => `No connection to ${host}`,
  busy: (host) => `Too many calls wait for ${host}`,
  tls_failed: (host) => `No trusted TLS connection to ${host}`,
  timeout: (host) => `${host} took too long`,
  too_large: (host) => `The answer of ${host} is too large`,
  aborted: (host) => `The call to ${host} was given up`,
  broken: (host) => `The connection to ${host} broke`,
};

/**
 * Any failure of a dispatch as an {@link EgressError}; ours stay as they are. Texts of Node and undici are not passed on, for
 * they name resolved addresses; their code is.
 */
export function toEgressError(error: unknown, host = 'the server', otherwise: EgressReason = 'broken'): EgressError {
  if (error instanceof EgressError) return error;
  const code = codeOf(error);
  const reason = REASONS.find(([codes]) => codes.test(code))?.[1] ?? otherwise;
  const message = PHRASES[reason](host) + (code === '' ? '' : ` (${code})`);
  return reason === 'tls_failed'
    ? new EgressError(reason, message, tlsRefusalOf(code))
    : new EgressError(reason, message);
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  // OpenSSL says `ERR_SSL_SSL/TLS_ALERT_…`.
  return /^[A-Za-z][\w/]{1,63}$/.test(code) && code !== 'Error' ? code : '';
}
