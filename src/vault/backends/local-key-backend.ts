import { type KeyRing, Sealer } from '#libs/sealing';
import type { VaultSettings } from '../vault.settings.js';
import { KeyBackend, type WrappedKey } from './key-backend.js';

const VERSION = 'pc1';

/** Keeps no key but those derived from AUTH_ENCRYPTION_SECRET, and from the secrets that were in its place before. */
export class LocalKeyBackend extends KeyBackend {
  readonly #ring: KeyRing;
  readonly #sealer: Sealer;

  constructor(settings: VaultSettings) {
    super();
    this.#ring = settings.keyRing('data-keys');
    this.#sealer = new Sealer(this.#ring);
  }

  override async wrap(dataKey: Buffer, context: string): Promise<WrappedKey> {
    const [, , wrapped = ''] = this.#sealer.seal(dataKey, [context]).split('.');
    return { keyId: this.#ring.currentId, wrapped };
  }

  override async unwrap({ keyId, wrapped }: WrappedKey, context: string): Promise<Buffer> {
    return this.#sealer.open([VERSION, keyId, wrapped].join('.'), [context]);
  }

  override async check(): Promise<void> {}
}
