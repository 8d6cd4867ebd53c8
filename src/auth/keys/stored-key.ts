import type { KeyObject } from 'node:crypto';
import type { JwtKey } from './jwt-key.js';

/** Signs a JWS signing input with a key that is elsewhere. */
export type SignRemotely = (input: Buffer) => Promise<Buffer>;

/** A key of tokens that the database keeps, in the order in which they sign. */
export interface StoredKey {
  /** Epoch ms: when it begins to sign, and the one before it is retired. */
  readonly signsFrom: number;
  /** Absent once it is erased. */
  readonly verifier?: JwtKey;
  /** Absent once it is retired. */
  readonly signer?: KeyObject | SignRemotely;
}
