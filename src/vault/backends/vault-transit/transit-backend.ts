import type { JsonObject } from '#libs/mcp';
import { demandDataKey, demandHeld, unwrappedDataKey, wrappedBytes } from '../data-key.js';
import { KeyBackend, type WrappedKey } from '../key-backend.js';
import { memberOf, textOf } from '../member-of.js';
import { demandRoundTrip } from '../round-trip.js';
import type { VaultClient } from './vault-client.js';

const SETTING = 'VAULT_TRANSIT_KEY';

export interface TransitKey {
  readonly mount: string;
  readonly key: string;
  /** Names of others at the same mount, which may still unwrap. */
  readonly previous: readonly string[];
}

/** Wraps with a key of the transit engine of Vault or OpenBao; the context is its associated data. */
export class TransitBackend extends KeyBackend {
  constructor(
    private readonly client: VaultClient,
    private readonly key: TransitKey,
  ) {
    super();
  }

  async wrap(dataKey: Buffer, context: string): Promise<WrappedKey> {
    const plaintext = demandDataKey(dataKey).toString('base64');
    const data = await this.#ask('encrypt', this.key.key, { plaintext }, context);
    const ciphertext = textOf(data, () => this.client.unreadable(), 'ciphertext');
    const version = memberOf(data, 'key_version');
    const keyId = typeof version === 'number' ? `${this.key.key}:${version}` : this.key.key;
    return { keyId, wrapped: Buffer.from(ciphertext).toString('base64url') };
  }

  async unwrap(key: WrappedKey, context: string): Promise<Buffer> {
    const [name = ''] = key.keyId.split(':');
    demandHeld(name, [this.key.key, ...this.key.previous], SETTING);
    const data = await this.#ask('decrypt', name, { ciphertext: wrappedBytes(key).toString('utf8') }, context);
    const plaintext = textOf(data, () => this.client.unreadable(), 'plaintext');
    return unwrappedDataKey(Buffer.from(plaintext, 'base64'));
  }

  check(): Promise<void> {
    return demandRoundTrip(this, SETTING);
  }

  #ask(does: 'encrypt' | 'decrypt', name: string, body: JsonObject, context: string): Promise<JsonObject> {
    const path = [...this.key.mount.split('/'), does, name];
    const associated = Buffer.from(context).toString('base64');
    return this.client.ask({ method: 'POST', path, body: { ...body, associated_data: associated }, subject: SETTING });
  }
}
