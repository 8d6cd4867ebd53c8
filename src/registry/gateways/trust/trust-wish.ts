import { fieldFault } from '../../rows/field-fault.js';
import { MASK } from '../credential.js';
import { certificatesFrom, keyFrom } from './pem.js';
import { NO_TRUST, peerTlsOf, TLS_VERSIONS, type TlsVersion, type Trust } from './trust.js';

/** The TLS members of a body. What is left out or masked is kept; empty takes it away. */
export interface TrustWish {
  readonly caCertificate?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly tlsPins?: readonly string[];
  readonly tlsMinVersion?: TlsVersion;
  readonly tlsMaxVersion?: TlsVersion;
}

export const TRUST_FIELDS = [
  'caCertificate',
  'clientCertificate',
  'clientKey',
  'tlsPins',
  'tlsMinVersion',
  'tlsMaxVersion',
] as const satisfies readonly (keyof TrustWish)[];

const MOST_AUTHORITIES = 32;
const LONGEST_CHAIN = 8;

/** Whether a body asks for another trust than the stored one; a mask alone doesn't. */
export const wishesTrust = (wish: TrustWish): boolean =>
  TRUST_FIELDS.some((field) => wish[field] !== undefined && wish[field] !== MASK);

/**
 * The trust that a body asks for.
 * @param before what is stored, when that may be kept
 * @throws GatewayError `validation_failed` naming the field
 */
export function trustFrom(wish: TrustWish, url: string, before: Trust = NO_TRUST): Trust {
  const { tlsMinVersion: minVersion = before.minVersion, tlsMaxVersion: maxVersion = before.maxVersion } = wish;
  const { tlsPins: pins = before.pins ?? [] } = wish;
  const trust: Trust = {
    ...member('caCertificate', kept(wish.caCertificate, before.caCertificate, authoritiesFrom)),
    ...identityFrom(wish, before),
    ...(pins.length > 0 && { pins: [...new Set(pins)] }),
    ...(minVersion && { minVersion }),
    ...(maxVersion && { maxVersion }),
  };
  const [first] = TRUST_FIELDS.filter((field) => wish[field] !== undefined);
  if (Object.keys(trust).length > 0 && !url.startsWith('https:')) {
    throw fieldFault(first ?? 'url', `${first ?? 'url'}: there is no TLS without an https:// URL`);
  }
  if (minVersion && maxVersion && TLS_VERSIONS.indexOf(minVersion) > TLS_VERSIONS.indexOf(maxVersion)) {
    throw fieldFault('tlsMaxVersion', 'tlsMaxVersion is before tlsMinVersion');
  }
  return usable(trust, first ?? 'clientCertificate');
}

function identityFrom(wish: TrustWish, before: Trust): Pick<Trust, 'clientCertificate' | 'clientKey'> {
  const certificate = kept(wish.clientCertificate, before.clientCertificate, chainFrom);
  const masked = wish.clientKey === MASK ? undefined : wish.clientKey;
  const key = kept(masked, before.clientKey, keyFrom);
  if (certificate === undefined) {
    // Without its certificate a stored key is of no use, and goes with it.
    if (masked) throw fieldFault('clientCertificate', 'clientCertificate is required with clientKey', 'missing');
    return {};
  }
  if (key === undefined) throw fieldFault('clientKey', 'clientKey is required with clientCertificate', 'missing');
  return { clientCertificate: certificate, clientKey: key };
}

/** What only OpenSSL can say: that a key belongs to its certificate, and that both are strong enough. */
function usable(trust: Trust, field: string): Trust {
  try {
    peerTlsOf(trust);
    return trust;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH' || code === 'ERR_OSSL_X509_KEY_TYPE_MISMATCH') {
      throw fieldFault('clientKey', 'clientKey does not belong to clientCertificate');
    }
    throw fieldFault(field, `${field} holds what can't be used${code === '' ? '' : ` (${code})`}`);
  }
}

const authoritiesFrom = (pem: string): string => certificatesFrom('caCertificate', pem, MOST_AUTHORITIES);
const chainFrom = (pem: string): string => certificatesFrom('clientCertificate', pem, LONGEST_CHAIN);

/** What is left out is kept, what is empty goes. */
function kept(
  wished: string | undefined,
  before: string | undefined,
  read: (pem: string) => string,
): string | undefined {
  if (wished === undefined) return before;
  return wished === '' ? undefined : read(wished);
}

const member = (name: 'caCertificate', value: string | undefined) => (value === undefined ? {} : { [name]: value });
