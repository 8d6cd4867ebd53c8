import { compactVerify, createLocalJWKSet, errors } from 'jose';
import type { JsonObject } from '#libs/mcp';
import { GatewayError } from '../../http/errors.js';
import { readStrictJws } from '../jwt/strict-jws.js';
import { ClaimsSource } from './claims-source.js';
import { Kept } from './kept.js';

type Keys = ReturnType<typeof createLocalJWKSet>;

/** Asymmetric ones only: a shared secret is no key of an issuer, and `none` is no algorithm. */
const ALGORITHMS = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ');
/** The thumbprint that some issuers add; it asks nothing of a verifier. */
const ALSO = ['x5t'];

/** Claims of tokens that the issuer signed (RFC 9068), by its published keys. */
export class SignedClaims extends ClaimsSource {
  readonly #keys: Kept<Keys>;

  /** @param keySet fetches the JWK set (RFC 7517 section 5) */
  constructor(
    issuer: string,
    keySet: () => Promise<JsonObject>,
    private readonly algorithms: readonly string[] = ALGORITHMS,
  ) {
    super();
    this.#keys = new Kept(`The keys of ${issuer}`, async () => createLocalJWKSet(asKeySet(await keySet())));
  }

  async claimsOf(token: string): Promise<JsonObject> {
    const payload = readStrictJws(token, ALSO);
    if (!payload) throw new GatewayError('invalid_token');
    const keys = await this.#keys.get();
    if (await this.#verifies(token, keys)) return payload;
    // The issuer may have new keys; a flood of made-up ones asks no more often than the cooldown lets it.
    await this.#keys.renew();
    const anew = await this.#keys.get();
    if (anew !== keys && (await this.#verifies(token, anew))) return payload;
    throw new GatewayError('invalid_token');
  }

  /** False when no key of these could have signed; whatever else is wrong is final. */
  async #verifies(token: string, keys: Keys): Promise<boolean> {
    try {
      await compactVerify(token, keys, { algorithms: [...this.algorithms] });
      return true;
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return false;
      throw new GatewayError('invalid_token');
    }
  }
}

function asKeySet({ keys }: JsonObject): Parameters<typeof createLocalJWKSet>[0] {
  if (!Array.isArray(keys)) throw new Error('it is no set of keys');
  return { keys };
}
