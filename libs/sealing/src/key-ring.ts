import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

const KEY_BYTES = 32;
const ID_BYTES = 4;

/** Versioned symmetric keys for one purpose: the current one seals, all of them open. */
export class KeyRing {
  readonly #keys: ReadonlyMap<string, KeyObject>;

  private constructor(
    /** The hex digits that name the current key: eight of a derived one, 32 of a random one. */
    readonly currentId: string,
    keys: ReadonlyMap<string, KeyObject>,
  ) {
    this.#keys = keys;
  }

  /**
   * A ring of one AES-256 key, derived with HKDF-SHA256 (RFC 5869). Another purpose gives an unrelated key and id.
   * HKDF does not slow a guesser down: the secret has to be random, 32 bytes or more.
   */
  static fromSecret(secret: string | Buffer, purpose: string): KeyRing {
    if (secret.length === 0) throw new RangeError('A sealing secret must not be empty');
    const derive = (label: string, bytes: number): Buffer =>
      Buffer.from(hkdfSync('sha256', secret, '', `portcullis/${label}/${purpose}`, bytes));
    const id = derive('key-id', ID_BYTES).toString('hex');
    return new KeyRing(id, new Map([[id, createSecretKey(derive('aes-256-gcm', KEY_BYTES))]]));
  }

  /**
   * A ring of one random key.
   * @param id 32 lower-case hex digits
   * @param key 32 bytes
   */
  static fromKey(id: string, key: Buffer): KeyRing {
    if (!/^[0-9a-f]{32}$/.test(id)) throw new RangeError('The id of a sealing key has 32 hex digits');
    if (key.length !== KEY_BYTES) throw new RangeError(`A sealing key has ${KEY_BYTES} bytes`);
    return new KeyRing(id, new Map([[id, createSecretKey(key)]]));
  }

  /** Joins rings: seals with the first one's current key, opens with every key of all of them. */
  static of(current: KeyRing, ...previous: readonly KeyRing[]): KeyRing {
    const keys = new Map<string, KeyObject>();
    for (const [id, key] of [current, ...previous].flatMap((ring) => [...ring.#keys])) {
      // Ids are short: two secrets that share one would make each other's values unreadable.
      if (keys.get(id)?.equals(key) === false)
        throw new RangeError('Two sealing secrets share a key id; change one of them');
      keys.set(id, key);
    }
    return new KeyRing(current.currentId, keys);
  }

  find(id: string): KeyObject | undefined {
    return this.#keys.get(id);
  }
}
