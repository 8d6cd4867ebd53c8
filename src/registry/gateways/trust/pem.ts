import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { fieldFault } from '../../rows/field-fault.js';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
const LEAST_RSA_BITS = 2048;
const CURVES: readonly (string | undefined)[] = ['prime256v1', 'secp384r1', 'secp521r1'];

/**
 * The certificates of a PEM text and nothing else of it, one after the other.
 * @throws GatewayError `validation_failed` naming the field, for one that can't be read, is not valid now, or has a weak key
 */
export function certificatesFrom(field: string, pem: string, most: number): string {
  if (pem.includes('PRIVATE KEY'))
    throw fieldFault(field, `${field} holds a private key, which belongs into clientKey`);
  const found = pem.match(CERTIFICATE) ?? [];
  if (found.length === 0) throw fieldFault(field, `${field} holds no PEM certificate`);
  if (found.length > most) throw fieldFault(field, `${field} holds more than ${most} certificates`);
  return found.map((one, at) => certificateFrom(`${field}: certificate ${at + 1}`, field, one)).join('');
}

function certificateFrom(which: string, field: string, pem: string): string {
  const certificate = parsed(field, which, () => new X509Certificate(pem));
  const now = Date.now();
  if (Date.parse(certificate.validTo) <= now) throw fieldFault(field, `${which} has expired (${certificate.validTo})`);
  if (Date.parse(certificate.validFrom) > now) {
    throw fieldFault(field, `${which} is not valid before ${certificate.validFrom}`);
  }
  refuseWeak(field, which, certificate.publicKey);
  return certificate.toString();
}

/** PKCS #8. @throws GatewayError `validation_failed` for a key that can't be read without a password, or is weak */
export function keyFrom(pem: string): string {
  if (pem.includes('ENCRYPTED')) throw fieldFault('clientKey', 'clientKey needs a password: give it without one');
  const key = parsed('clientKey', 'clientKey', () => createPrivateKey(pem));
  refuseWeak('clientKey', 'clientKey', key);
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function refuseWeak(field: string, which: string, { asymmetricKeyType, asymmetricKeyDetails }: KeyObject): void {
  const { modulusLength = 0, namedCurve } = asymmetricKeyDetails ?? {};
  const strong =
    asymmetricKeyType === 'ed25519' ||
    asymmetricKeyType === 'ed448' ||
    (asymmetricKeyType === 'ec' && CURVES.includes(namedCurve)) ||
    (asymmetricKeyType?.startsWith('rsa') === true && modulusLength >= LEAST_RSA_BITS);
  if (strong) return;
  throw fieldFault(field, `${which} has a weak key: RSA of ${LEAST_RSA_BITS} bits, P-256 or Ed25519 is the least`);
}

/** Without words of OpenSSL, which may quote what it read. */
function parsed<T>(field: string, which: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw fieldFault(field, `${which} can't be read`);
  }
}
