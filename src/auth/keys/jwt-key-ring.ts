import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { KeyObject } from 'node:crypto';
import { SettingsError } from '../../config/load-settings.js';
import { GatewayError } from '../../http/errors.js';
import { HttpSettings } from '../../http/http.settings.js';
import { isSecretAlgorithm, type JwtAlgorithm } from './jwt-algorithm.js';
import { JwtKey } from './jwt-key.js';
import { JwtSettings } from './jwt.settings.js';
import { KeyLoader, type SigningKey } from './key-loader.js';
import type { SignRemotely, StoredKey } from './stored-key.js';

const HOUR_MS = 3_600_000;

/** A public key as `/.well-known/jwks.json` shows it (RFC 7517). */
export type PublicJwk = Readonly<Record<string, unknown>> & {
  readonly kid: string;
  readonly alg: JwtAlgorithm;
  readonly use: 'sig';
};

/** What tokens are signed with. */
export interface Signing {
  readonly key: KeyObject | SignRemotely;
  readonly algorithm: JwtAlgorithm;
  readonly kid: string;
}

/**
 * The keys of tokens: one that signs, those that signed before and still verify for a while, and those that will sign. The one
 * of the settings signs until the first one of the database does.
 */
@Injectable()
export class JwtKeyRing implements OnModuleInit {
  /** What the operator should know of the key files. */
  readonly warnings: readonly string[];
  readonly #configured: SigningKey;
  readonly #previous: readonly JwtKey[];
  readonly #grace: number;
  readonly #revoked = new Set<string>();
  #stored: readonly StoredKey[] = [];
  #all: readonly JwtKey[];

  /** @throws SettingsError with one line for each fault */
  constructor(settings: JwtSettings, http: HttpSettings) {
    const { signing, previous, faults, warnings } = new KeyLoader(settings, http.environment);
    if (!signing || faults.length > 0) throw new SettingsError(faults);
    this.#configured = signing;
    this.#previous = previous;
    this.#all = [signing.verifier, ...previous];
    this.#grace = settings.graceHours * HOUR_MS;
    this.warnings = warnings;
  }

  onModuleInit(): void {
    const log = new Logger(JwtKeyRing.name);
    for (const warning of this.warnings) log.warn(warning);
  }

  /**
   * Takes the keys of the database in place of those it had from there.
   * @param stored in the order in which they sign
   * @returns the ids of those that verified until now and are gone: they were revoked
   */
  hold(stored: readonly StoredKey[]): string[] {
    const before = this.held;
    const { verifier: own } = this.#configured;
    this.#stored = stored.map((key) =>
      key.verifier && this.#revoked.has(key.verifier.kid) ? { signsFrom: key.signsFrom } : key,
    );
    const chain = [{ verifier: own }, ...this.#stored].flatMap(({ verifier }, index) =>
      verifier ? [new JwtKey(verifier.algorithm, verifier.key, stored[index]?.signsFrom)] : [],
    );
    this.#all = [...chain, ...this.#previous];
    const kids = new Set(this.#all.map(({ kid }) => kid));
    return before.filter(({ kid }) => !kids.has(kid)).map(({ kid }) => kid);
  }

  /** From now on the key verifies nothing, whatever was read of the database before. */
  revoke(kid: string): void {
    this.#revoked.add(kid);
    this.hold(this.#stored);
  }

  /**
   * The newest whose time has come. In place of a revoked one the next, however early: what came before it is retired.
   * @throws GatewayError `keys_unavailable` when its private half was retired, as this clock does not know yet
   */
  get signing(): Signing {
    const { verifier: own, key: ownKey } = this.#configured;
    const newest = this.#stored.findLastIndex(({ signsFrom }) => signsFrom <= Date.now());
    const { verifier, signer } =
      newest < 0
        ? { verifier: own, signer: ownKey }
        : (this.#stored.slice(newest).find((key) => key.verifier) ?? this.#stored[newest]!);
    if (!verifier || !signer) throw new GatewayError('keys_unavailable');
    return { key: signer, algorithm: verifier.algorithm, kid: verifier.kid };
  }

  /** Those that verify now. */
  get held(): readonly JwtKey[] {
    return this.#all.filter((key) => Date.now() < this.endOf(key));
  }

  /**
   * The keys that may have signed a token: the one of its `kid`, or for a token without one (minted elsewhere) those of
   * the configured algorithm. None that has ended, and none because of the token's `alg`.
   */
  candidates(kid: string | undefined): readonly JwtKey[] {
    const { algorithm } = this.#configured.verifier;
    return this.held.filter((key) => (kid === undefined ? key.algorithm === algorithm : key.kid === kid));
  }

  /** When a key verifies nothing any more, epoch ms; Infinity for one that nothing follows. */
  endOf({ retiredAt }: JwtKey): number {
    return retiredAt === undefined ? Number.POSITIVE_INFINITY : retiredAt + this.#grace;
  }

  /** Secrets are never among them. */
  publicKeys(): readonly PublicJwk[] {
    return this.held
      .filter(({ algorithm }) => !isSecretAlgorithm(algorithm))
      .map(({ key, kid, algorithm }) => ({ ...key.export({ format: 'jwk' }), kid, alg: algorithm, use: 'sig' }));
  }
}
