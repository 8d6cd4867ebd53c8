import { createSecretKey, generateKeyPair, type KeyObject, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { isSecretAlgorithm, type JwtAlgorithm } from './jwt-algorithm.js';

const RSA_BITS = 3072;
/** As long as the longest hash. */
const SECRET_BYTES = 64;
const CURVES = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' } as const;

/** A fresh key as it is kept. */
export interface NewSigningKey {
  /** The half that verifies: of a pair the public one. */
  readonly verifying: KeyObject;
  /** PKCS #8 in PEM, or a secret in base64url. */
  readonly privateText: string;
}

export async function newSigningKey(algorithm: JwtAlgorithm): Promise<NewSigningKey> {
  if (isSecretAlgorithm(algorithm)) {
    const secret = randomBytes(SECRET_BYTES);
    return { verifying: createSecretKey(secret), privateText: secret.toString('base64url') };
  }
  const { publicKey, privateKey } = await pairFor(algorithm);
  return { verifying: publicKey, privateText: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() };
}

function pairFor(algorithm: JwtAlgorithm): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  const generate = promisify(generateKeyPair);
  switch (algorithm) {
    case 'ES256':
    case 'ES384':
    case 'ES512':
      return generate('ec', { namedCurve: CURVES[algorithm] });
    case 'EdDSA':
      return generate('ed25519');
    default:
      return generate('rsa', { modulusLength: RSA_BITS });
  }
}
