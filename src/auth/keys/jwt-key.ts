import { createHash, createHmac, type KeyObject } from 'node:crypto';
import type { JwtAlgorithm } from './jwt-algorithm.js';

/** RFC 7638: the members of each type of key that its thumbprint covers, in their order. */
const THUMBPRINT_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  RSA: ['e', 'kty', 'n'],
  EC: ['crv', 'kty', 'x', 'y'],
  OKP: ['crv', 'kty', 'x'],
};

/** A key that verifies tokens. Its algorithm is its own; no token chooses another. */
export class JwtKey {
  readonly kid: string;

  /**
   * @param key a secret, or the public half of a pair
   * @param retiredAt epoch ms from which on nothing is signed with it, maybe in the future; absent where none is known
   */
  constructor(
    readonly algorithm: JwtAlgorithm,
    readonly key: KeyObject,
    readonly retiredAt?: number,
  ) {
    this.kid = key.type === 'secret' ? secretId(key) : thumbprint(key);
  }
}

function thumbprint(key: KeyObject): string {
  const jwk: Record<string, unknown> = { ...key.export({ format: 'jwk' }) };
  const members = THUMBPRINT_MEMBERS[String(jwk['kty'])] ?? [];
  const canonical = JSON.stringify(Object.fromEntries(members.map((name) => [name, jwk[name]])));
  return createHash('sha256').update(canonical).digest('base64url');
}

/**
 * Tells secrets apart without telling of them. Only holders of a token see it, and it lets them try a guessed secret no
 * better than the signature beside it does. Being keyed, it is not the hash that another system may keep of the same secret.
 */
function secretId(key: KeyObject): string {
  return createHmac('sha256', key).update('portcullis jwt key id').digest().subarray(0, 8).toString('base64url');
}
