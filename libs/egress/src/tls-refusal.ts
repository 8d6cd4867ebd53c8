/** Why a peer is not trusted, or does not trust us. Stable: audit events are named after them. */
export const TLS_REFUSALS = [
  /** No authority that we trust has vouched for the certificate. */
  'unknown_authority',
  /** The certificate vouches for itself alone. */
  'self_signed',
  'expired',
  'not_yet_valid',
  /** The certificate does not name the host. */
  'name_mismatch',
  /** No key of the certificate's chain is pinned. */
  'pin_mismatch',
  /** The peer wants a certificate of ours that it was not given, or does not take the one it was given. */
  'client_certificate_refused',
  /** There is no version of TLS that both sides speak. */
  'protocol_version',
  /** Whatever else: no cipher in common, no TLS at all, or a peer that does not say what it minds. */
  'handshake_failed',
] as const;
export type TlsRefusal = (typeof TLS_REFUSALS)[number];

const BY_CODE: readonly (readonly [codes: RegExp, refusal: TlsRefusal])[] = [
  [/^DEPTH_ZERO_SELF_SIGNED_CERT$/, 'self_signed'],
  [/^CERT_HAS_EXPIRED$/, 'expired'],
  [/^CERT_NOT_YET_VALID$/, 'not_yet_valid'],
  [/^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/, 'name_mismatch'],
  [/_ALERT_(NO_|BAD_|UNSUPPORTED_|UNKNOWN_)?(CERTIFICATE|CA)(_|$)|_ALERT_ACCESS_DENIED$/, 'client_certificate_refused'],
  [/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS_AVAILABLE|UNSUPPORTED_SSL_VERSION/, 'protocol_version'],
  [/^(UNABLE_TO_|CERT_|CRL_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|SELF_SIGNED_CERT)/, 'unknown_authority'],
];

/** @param code of an error of Node or OpenSSL that has to do with TLS */
export const tlsRefusalOf = (code: string): TlsRefusal =>
  BY_CODE.find(([codes]) => codes.test(code))?.[1] ?? 'handshake_failed';
