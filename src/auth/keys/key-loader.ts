import { createPublicKey, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { Secret } from '../../config/secret.js';
import { secretWeakness } from '../../config/secret-weakness.js';
import { isSecretAlgorithm, type JwtAlgorithm, keyFault } from './jwt-algorithm.js';
import { JwtKey } from './jwt-key.js';
import { readKeyFile } from './key-file.js';
import type { PreviousKey } from './previous-keys.js';

/** Where the keys are, as the settings say. */
export interface KeyLocations {
  readonly algorithm: JwtAlgorithm;
  readonly secret: Secret | undefined;
  readonly privateKeyPath: string | undefined;
  readonly publicKeyPath: string | undefined;
  readonly previousSecrets: readonly PreviousKey[];
  readonly previousPublicKeys: readonly PreviousKey[];
  readonly derivePerEnvironment: boolean;
}

/** The key that signs, and its half that verifies; a secret is both. */
export interface SigningKey {
  readonly key: KeyObject;
  readonly verifier: JwtKey;
}

/** Longer than the hash of any HMAC algorithm needs. */
const DERIVED_BYTES = 64;

/** Reads and checks every key, and notes all that is wrong with them. */
export class KeyLoader {
  /** One line each, beginning with the name of its setting; no start with them. */
  readonly faults: string[] = [];
  readonly warnings: string[] = [];
  /** Absent when there are faults. */
  readonly signing: SigningKey | undefined;
  readonly previous: readonly JwtKey[];

  constructor(
    private readonly locations: KeyLocations,
    private readonly environment: string,
  ) {
    const { algorithm, previousSecrets, previousPublicKeys } = locations;
    this.signing = isSecretAlgorithm(algorithm) ? this.#secretSigner(algorithm) : this.#pairSigner(algorithm);
    this.previous = [
      ...this.#retired('JWT_PREVIOUS_SECRET_KEYS', previousSecrets, (entry) => this.#secretIn(entry)),
      ...this.#retired('JWT_PREVIOUS_PUBLIC_KEY_PATHS', previousPublicKeys, ({ algorithm: named, key }) =>
        this.#keyIn('JWT_PREVIOUS_PUBLIC_KEY_PATHS', named, key, 'public'),
      ),
    ];
    this.#refuseRepeated();
  }

  #secretSigner(algorithm: JwtAlgorithm): SigningKey | undefined {
    const text = this.locations.secret?.reveal();
    const key = this.#attempt('JWT_SECRET_KEY', () => {
      if (text === undefined)
        throw new Error('is required; set it to random text, for example from `openssl rand -hex 32`');
      return this.#secretIn({ algorithm, key: text });
    });
    return key && { key, verifier: new JwtKey(algorithm, key) };
  }

  #pairSigner(algorithm: JwtAlgorithm): SigningKey | undefined {
    const { privateKeyPath, publicKeyPath } = this.locations;
    const half = (name: string, path: string | undefined, which: 'private' | 'public'): KeyObject | undefined =>
      this.#attempt(name, () => {
        if (path === undefined) throw new Error(`is required for ${algorithm}; name a PEM file`);
        return this.#keyIn(name, algorithm, path, which);
      });
    const key = half('JWT_PRIVATE_KEY_PATH', privateKeyPath, 'private');
    const publicKey = half('JWT_PUBLIC_KEY_PATH', publicKeyPath, 'public');
    if (!key || !publicKey) return undefined;
    if (!createPublicKey(key).equals(publicKey)) {
      this.faults.push('JWT_PUBLIC_KEY_PATH names a key that does not belong to the one of JWT_PRIVATE_KEY_PATH');
      return undefined;
    }
    return { key, verifier: new JwtKey(algorithm, publicKey) };
  }

  #retired(
    name: string,
    entries: readonly PreviousKey[],
    read: (entry: Required<PreviousKey>) => KeyObject,
  ): readonly JwtKey[] {
    return entries.flatMap((entry) => {
      const { algorithm = this.locations.algorithm, retiredAt } = entry;
      const key = this.#attempt(name, () => read({ ...entry, algorithm }));
      return key ? [new JwtKey(algorithm, key, retiredAt)] : [];
    });
  }

  #secretIn({ algorithm, key: text }: Pick<Required<PreviousKey>, 'algorithm' | 'key'>): KeyObject {
    const weakness = secretWeakness(text);
    if (weakness !== undefined) throw new Error(weakness);
    const given = fitting(algorithm, createSecretKey(text, 'utf8'));
    if (!this.locations.derivePerEnvironment) return given;
    const context = `portcullis jwt ${this.environment}`;
    return createSecretKey(Buffer.from(hkdfSync('sha256', given, '', context, DERIVED_BYTES)));
  }

  #keyIn(name: string, algorithm: JwtAlgorithm, path: string, half: 'private' | 'public'): KeyObject {
    const { key, warning } = readKeyFile(path, half);
    if (warning !== undefined) this.warnings.push(`${name} ${warning}`);
    return fitting(algorithm, key);
  }

  /** A key in use twice would be retired and not. */
  #refuseRepeated(): void {
    const kids = [...(this.signing ? [this.signing.verifier] : []), ...this.previous].map(({ kid }) => kid);
    if (new Set(kids).size < kids.length)
      this.faults.push(
        'JWT_PREVIOUS_SECRET_KEYS and JWT_PREVIOUS_PUBLIC_KEY_PATHS must not name a key twice, nor the one that signs',
      );
  }

  #attempt<T>(name: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      this.faults.push(`${name} ${(error as Error).message}`);
      return undefined;
    }
  }
}

function fitting(algorithm: JwtAlgorithm, key: KeyObject): KeyObject {
  const fault = keyFault(algorithm, key);
  if (fault !== undefined) throw new Error(fault);
  return key;
}
