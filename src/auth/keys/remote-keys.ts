import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { GatewayError } from '../../http/errors.js';
import { VaultSettings } from '../../vault/vault.settings.js';
import { within } from '../../vault/keys/within.js';
import type { RemoteSigner } from './remote-signer.js';
import { REMOTE_SIGNERS, type RemoteSignerMaker } from './remote-signers.js';
import type { SignRemotely } from './stored-key.js';

/** Keys of tokens whose private half is elsewhere, each made once. */
@Injectable()
export class RemoteKeys {
  readonly #made = new Map<string, RemoteSigner>();

  constructor(
    private readonly modules: ModuleRef,
    private readonly settings: VaultSettings,
  ) {}

  /** The newest version of the key that the settings name. @throws GatewayError `keys_unavailable` */
  newest(name: string): Promise<RemoteSigner> {
    return this.#bounded(() => this.#make(name));
  }

  /** @returns what rejects with GatewayError `keys_unavailable` when there is no signature in time */
  async signer(name: string, reference: string): Promise<SignRemotely> {
    const id = [name, reference].join(' ');
    const signer = this.#made.get(id) ?? (await this.#bounded(() => this.#make(name, reference)));
    this.#made.set(id, signer);
    return (input) => this.#bounded(() => signer.sign(input));
  }

  protected makerOf(name: string): RemoteSignerMaker | undefined {
    return new Map<string, RemoteSignerMaker>(Object.entries(REMOTE_SIGNERS)).get(name);
  }

  async #make(name: string, reference?: string): Promise<RemoteSigner> {
    const make = this.makerOf(name);
    if (!make) throw new Error(`This build knows no remote signer ${name}`);
    return make((type) => this.modules.get(type, { strict: false }), reference);
  }

  async #bounded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await within(this.settings.keyTimeoutMs, work());
    } catch (cause) {
      throw Object.assign(new GatewayError('keys_unavailable', undefined, undefined, 1), { cause });
    }
  }
}
