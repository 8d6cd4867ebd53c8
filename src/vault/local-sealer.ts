import { Sealer } from '#libs/sealing';
import { type SealedAt, SecretSealer } from './secret-sealer.js';
import type { VaultSettings } from './vault.settings.js';

/** Seals with a key derived from AUTH_ENCRYPTION_SECRET, as everything was sealed before there were data keys. */
export class LocalSealer extends SecretSealer {
  readonly #sealer: Sealer;

  constructor(settings: VaultSettings) {
    super();
    this.#sealer = new Sealer(settings.keyRing('stored-secrets'));
  }

  async seal(plaintext: string, at: SealedAt): Promise<string> {
    return this.#sealer.seal(plaintext, contextOf(at));
  }

  async open(sealed: string, at: SealedAt): Promise<string> {
    return this.#sealer.open(sealed, contextOf(at)).toString('utf8');
  }
}

const contextOf = ({ table, row, column }: SealedAt): string[] => [table, row, column];
