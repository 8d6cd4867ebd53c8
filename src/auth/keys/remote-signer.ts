import type { KeyObject } from 'node:crypto';
import type { JwtAlgorithm } from './jwt-algorithm.js';

/** One version of a signing key whose private half never leaves where it is. */
export abstract class RemoteSigner {
  /** Finds this very key, in this version, again: up to 512 characters, no secret. */
  abstract readonly reference: string;
  abstract readonly algorithm: Exclude<JwtAlgorithm, `HS${string}`>;
  abstract readonly publicKey: KeyObject;
  /**
   * @param input the JWS signing input (RFC 7515, 5.1), not hashed
   * @returns the signature as JWS wants it (RFC 7518, 3.4: of ECDSA r and s, not DER)
   */
  abstract sign(input: Buffer): Promise<Buffer>;
}
