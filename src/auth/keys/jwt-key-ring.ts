import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { KeyObject } from 'node:crypto';
import { SettingsError } from '../../config/load-settings.js';
import { HttpSettings } from '../../http/http.settings.js';
import { isSecretAlgorithm, type JwtAlgorithm } from './jwt-algorithm.js';
import type { JwtKey } from './jwt-key.js';
import { JwtSettings } from './jwt.settings.js';
import { KeyLoader } from './key-loader.js';

const HOUR_MS = 3_600_000;

/** A public key as `/.well-known/jwks.json` shows it (RFC 7517). */
export type PublicJwk = Readonly<Record<string, unknown>> & {
  readonly kid: string;
  readonly alg: JwtAlgorithm;
  readonly use: 'sig';
};

/** The keys of tokens: one that signs, and those that signed before and still verify for a while. */
@Injectable()
export class JwtKeyRing implements OnModuleInit {
  /** What the operator should know of the key files. */
  readonly warnings: readonly string[];
  readonly #signer: KeyObject;
  readonly #current: JwtKey;
  readonly #all: readonly JwtKey[];
  readonly #grace: number;

  /** @throws SettingsError with one line for each fault */
  constructor(settings: JwtSettings, http: HttpSettings) {
    const { signing, previous, faults, warnings } = new KeyLoader(settings, http.environment);
    if (!signing || faults.length > 0) throw new SettingsError(faults);
    this.#signer = signing.key;
    this.#current = signing.verifier;
    this.#all = [signing.verifier, ...previous];
    this.#grace = settings.graceHours * HOUR_MS;
    this.warnings = warnings;
  }

  onModuleInit(): void {
    const log = new Logger(JwtKeyRing.name);
    for (const warning of this.warnings) log.warn(warning);
  }

  get signing(): { readonly key: KeyObject; readonly algorithm: JwtAlgorithm; readonly kid: string } {
    return { key: this.#signer, algorithm: this.#current.algorithm, kid: this.#current.kid };
  }

  /**
   * The keys that may have signed a token: the one of its `kid`, or for a token without one (minted elsewhere) those of
   * the configured algorithm. None that has ended, and none because of the token's `alg`.
   */
  candidates(kid: string | undefined): readonly JwtKey[] {
    const fits = (key: JwtKey): boolean =>
      kid === undefined ? key.algorithm === this.#current.algorithm : key.kid === kid;
    return this.#all.filter((key) => fits(key) && Date.now() < this.endOf(key));
  }

  /** When a key verifies nothing any more, epoch ms; Infinity for the one that signs. */
  endOf({ retiredAt }: JwtKey): number {
    return retiredAt === undefined ? Number.POSITIVE_INFINITY : retiredAt + this.#grace;
  }

  /** Secrets are never among them. */
  publicKeys(): readonly PublicJwk[] {
    return this.#all
      .filter((key) => !isSecretAlgorithm(key.algorithm) && Date.now() < this.endOf(key))
      .map(({ key, kid, algorithm }) => ({ ...key.export({ format: 'jwk' }), kid, alg: algorithm, use: 'sig' }));
  }
}
