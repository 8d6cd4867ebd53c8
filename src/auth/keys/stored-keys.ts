import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { InjectRepository } from '@nestjs/typeorm';
import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import { Repository } from 'typeorm';
import { CatchingUp } from '../../changes/catching-up.js';
import { ChangeBus } from '../../changes/change-bus.js';
import { SecretSealer } from '../../vault/secret-sealer.js';
import { JwtKey } from './jwt-key.js';
import { JwtKeyRing } from './jwt-key-ring.js';
import { RemoteKeys } from './remote-keys.js';
import { SigningKeyRow } from './signing-key.entity.js';
import type { SignRemotely, StoredKey } from './stored-key.js';

/** Where a sealed private key lives. */
export const placeOf = (row: string) => ({ table: 'jwt_keys', row, column: 'private_key' });

/** Keeps the ring up with the keys of tokens that the database keeps. Nothing is asked while a token is signed or verified. */
@Injectable()
export class StoredKeys implements OnModuleInit, BeforeApplicationShutdown {
  readonly #log = new Logger(StoredKeys.name);
  /** What was opened once; a row's key is never another. */
  readonly #opened = new Map<string, KeyObject>();
  readonly #copy = new CatchingUp(
    () => this.#load(),
    (error) => this.#log.error({ message: 'the keys of tokens cannot be read; those before are used on', error }),
  );

  constructor(
    @InjectRepository(SigningKeyRow) private readonly rows: Repository<SigningKeyRow>,
    private readonly ring: JwtKeyRing,
    private readonly vault: SecretSealer,
    private readonly remote: RemoteKeys,
    private readonly bus: ChangeBus,
  ) {
    bus.subscribe((change) => {
      if (change.kind === 'signing_key_revoked') ring.revoke(change.kid);
      else if (change.kind !== 'signing_keys_changed' && change.kind !== 'anything_changed') return;
      this.#copy.announce();
    });
  }

  /** Without them the tokens that they signed would be refused: no start without them. */
  onModuleInit(): Promise<void> {
    return this.#copy.first();
  }

  /** The operator's command line is no replica: without Redis nobody hears of what it made. */
  @Cron(CronExpression.EVERY_10_SECONDS)
  look(): void {
    this.#copy.announce();
  }

  /** Settles when the ring has every change that was announced before the call. */
  refreshed(): Promise<void> {
    return this.#copy.caughtUp();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#copy.stop();
  }

  async #load(): Promise<void> {
    const rows = await this.rows.find({ order: { generation: 'ASC' } });
    const now = Date.now();
    const stored: StoredKey[] = [];
    for (const [index, row] of rows.entries()) {
      const next = rows[index + 1];
      stored.push(await this.#stored(row, next === undefined || next.signsFrom.getTime() > now));
    }
    // Who remembers callers has not heard of it yet where the command line had nobody to tell.
    for (const kid of this.ring.hold(stored)) this.bus.publish({ kind: 'signing_key_revoked', kid });
  }

  async #stored(row: SigningKeyRow, maySign: boolean): Promise<StoredKey> {
    const signsFrom = row.signsFrom.getTime();
    if (row.publicKey === null) {
      if (row.privateKey === null) return { signsFrom };
      const secret = await this.#open(row, row.privateKey);
      return { signsFrom, verifier: new JwtKey(row.algorithm, secret), signer: secret };
    }
    const verifier = new JwtKey(row.algorithm, createPublicKey(row.publicKey));
    return maySign ? { signsFrom, verifier, signer: await this.#signer(row) } : { signsFrom, verifier };
  }

  #signer(row: SigningKeyRow): Promise<KeyObject | SignRemotely> {
    if (row.privateKey !== null) return this.#open(row, row.privateKey);
    if (row.signer === null || row.reference === null)
      throw new Error(`The key of tokens ${row.kid} has no private half`);
    return this.remote.signer(row.signer, row.reference);
  }

  async #open({ id, publicKey }: SigningKeyRow, sealed: string): Promise<KeyObject> {
    const known = this.#opened.get(id);
    if (known) return known;
    const text = await this.vault.open(sealed, placeOf(id));
    const key = publicKey === null ? createSecretKey(text, 'base64url') : createPrivateKey(text);
    this.#opened.set(id, key);
    return key;
  }
}
