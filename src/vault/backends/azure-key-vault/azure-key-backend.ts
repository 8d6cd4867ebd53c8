import { createHash, timingSafeEqual } from 'node:crypto';
import type { JsonObject } from '#libs/mcp';
import { demandDataKey, demandHeld, unwrappedDataKey, wrappedBytes } from '../data-key.js';
import { KeyBackend, type WrappedKey } from '../key-backend.js';
import { demandRoundTrip } from '../round-trip.js';
import { StoreError } from '../store-error.js';
import type { AzureClient } from './azure-client.js';

const SETTING = 'AZURE_KEY_VAULT_KEY';
const HASH_BYTES = 32;

export interface AzureKey {
  readonly key: string;
  readonly previous: readonly string[];
  readonly algorithm: string;
}

/** Wraps with a key of an Azure Key Vault, which binds nothing else: so the hash of the context is wrapped along. */
export class AzureKeyBackend extends KeyBackend {
  constructor(
    private readonly client: AzureClient,
    private readonly key: AzureKey,
  ) {
    super();
  }

  async wrap(dataKey: Buffer, context: string): Promise<WrappedKey> {
    const value = Buffer.concat([demandDataKey(dataKey), hashOf(context)]);
    const answer = await this.#ask('wrapkey', [this.key.key, await this.#version()], value);
    return {
      keyId: this.client.text(answer, 'kid').split('/').slice(-2).join('/'),
      wrapped: this.client.text(answer, 'value'),
    };
  }

  async unwrap(wrapped: WrappedKey, context: string): Promise<Buffer> {
    const [name = '', version = ''] = wrapped.keyId.split('/');
    demandHeld(name, [this.key.key, ...this.key.previous], SETTING);
    const answer = await this.#ask('unwrapkey', [name, version], wrappedBytes(wrapped));
    const value = Buffer.from(this.client.text(answer, 'value'), 'base64url');
    const bound = value.subarray(-HASH_BYTES);
    if (bound.length < HASH_BYTES) throw this.client.unreadable();
    if (!timingSafeEqual(bound, hashOf(context)))
      throw new StoreError('refused', 'A data key was wrapped for another context');
    return unwrappedDataKey(value.subarray(0, -HASH_BYTES));
  }

  check(): Promise<void> {
    return demandRoundTrip(this, SETTING);
  }

  /** The version of now; keys are wrapped by none but a version. */
  async #version(): Promise<string> {
    const answer = await this.client.ask({ method: 'GET', path: ['keys', this.key.key, ''], subject: SETTING });
    return this.client.text(answer, 'key', 'kid').split('/').at(-1) ?? '';
  }

  #ask(does: 'wrapkey' | 'unwrapkey', key: readonly string[], value: Buffer): Promise<JsonObject> {
    const body = { alg: this.key.algorithm, value: value.toString('base64url') };
    return this.client.ask({ method: 'POST', path: ['keys', ...key, does], body, subject: SETTING });
  }
}

const hashOf = (context: string): Buffer => createHash('sha256').update(context).digest();
