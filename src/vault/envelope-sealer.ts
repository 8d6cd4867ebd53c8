import { Injectable } from '@nestjs/common';
import { sealedWith } from '#libs/sealing';
import { DataKeys } from './keys/data-keys.js';
import { LocalSealer } from './local-sealer.js';
import { type SealedAt, SecretSealer } from './secret-sealer.js';
import { VaultSettings } from './vault.settings.js';

/** Data keys have longer ids than derived keys. */
const DATA_KEY_ID = 32;

/** Seals with the current data key, and opens with the key that a value names. */
@Injectable()
export class EnvelopeSealer extends SecretSealer {
  readonly #older: LocalSealer;

  constructor(
    private readonly keys: DataKeys,
    settings: VaultSettings,
  ) {
    super();
    this.#older = new LocalSealer(settings);
  }

  async seal(plaintext: string, { table, row, column }: SealedAt): Promise<string> {
    const { id } = await this.keys.current();
    return (await this.keys.sealer(id)).seal(plaintext, [table, row, column]);
  }

  async open(sealed: string, at: SealedAt): Promise<string> {
    const id = sealedWith(sealed);
    if (id.length !== DATA_KEY_ID) return this.#older.open(sealed, at);
    return (await this.keys.sealer(id)).open(sealed, [at.table, at.row, at.column]).toString('utf8');
  }
}
