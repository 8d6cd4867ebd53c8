import { choice, flag, integer, list, optional } from '../../config/setting.js';
import { type Loaded, settings, type Values } from '../../config/settings.js';
import { HttpSettings } from '../../http/http.settings.js';
import { CERTIFICATE_FORMATS } from './certificate-thumbprint.js';

/** Asymmetric ones alone (RFC 9449 section 4.3). */
const ALGORITHMS = 'ES256 ES384 ES512 Ed25519 EdDSA PS256 PS384 PS512 RS256 RS384 RS512'.split(' ');
/** Headers with a meaning of their own can't carry a certificate. */
const TAKEN = /^(authorization|proxy-authorization|cookie|dpop|host|origin|referer|user-agent|forwarded)$/i;

const SHAPE = {
  algorithms: list(
    'DPOP_SIGNING_ALGS',
    ALGORITHMS,
    'The algorithms that DPoP proofs may be signed with, out of the default.',
    (item) => (ALGORITHMS.includes(item) ? undefined : 'is not an asymmetric algorithm that is known here'),
  ),
  windowSeconds: integer(
    'DPOP_PROOF_WINDOW_SECONDS',
    60,
    { min: 5, max: 600 },
    'How far the `iat` of a DPoP proof may be from the time here, before or after, seconds.',
  ),
  nonceRequired: flag(
    'DPOP_NONCE_REQUIRED',
    false,
    'Take only DPoP proofs with a nonce that the gateway gave within the last minutes; clients ask twice the first time.',
  ),
  certificateHeader: optional(
    'MTLS_CLIENT_CERT_HEADER',
    'The header in which a proxy of TRUSTED_PROXIES gives the client certificate that it has verified. The proxy must overwrite what clients send. Without, tokens that are bound to a certificate are refused.',
    {
      pattern: /^[A-Za-z][A-Za-z0-9-]{0,63}$/,
      check: (value) => !TAKEN.test(value),
      rule: 'must be the name of a header that means nothing else',
    },
  ),
  certificateFormat: choice(
    'MTLS_CLIENT_CERT_FORMAT',
    CERTIFICATE_FORMATS,
    'pem',
    'How it does: `pem` percent-encoded (nginx `$ssl_client_escaped_cert`), `der` in base64 (RFC 9440 `Client-Cert` with its colons, or without), `xfcc` the `Hash` of Envoy’s `x-forwarded-client-cert`.',
  ),
};

function contradictions({ certificateHeader }: Values<typeof SHAPE>, earlier: Loaded): string[] {
  const http = earlier.get(HttpSettings) as HttpSettings | undefined;
  return certificateHeader !== undefined && http && !http.trustedProxies.known
    ? ['MTLS_CLIENT_CERT_HEADER needs the addresses of the proxies in TRUSTED_PROXIES; a number of them names nobody']
    : [];
}

export class BoundSettings extends settings('Sender-constrained tokens', SHAPE, contradictions) {
  /** Whether anybody could tell the certificates of clients. */
  get knowsCertificates(): boolean {
    return this.certificateHeader !== undefined;
  }
}
