import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { GatewayError } from '../../http/errors.js';
import { KEY_BACKENDS, type KeyBackendMaker } from '../backends/key-backends.js';
import type { KeyBackendName } from '../backends/key-backend-names.js';
import { VaultSettings } from '../vault.settings.js';
import { SteadyBackend } from './steady-backend.js';

/** The key backends that are in use, each made once: that of the settings, and those that older data keys name. */
@Injectable()
export class HeldBackends {
  readonly #made = new Map<KeyBackendName, Promise<SteadyBackend>>();

  constructor(
    private readonly modules: ModuleRef,
    private readonly settings: VaultSettings,
  ) {}

  current(): Promise<SteadyBackend> {
    return this.of(this.settings.keyBackend);
  }

  /** @throws GatewayError `keys_unavailable` for one that can't be made: unknown to this build, or without its settings */
  of(name: KeyBackendName): Promise<SteadyBackend> {
    const known = this.#made.get(name);
    if (known) return known;
    const made = this.#make(name);
    this.#made.set(name, made);
    made.catch(() => this.#made.delete(name));
    return made;
  }

  /** A row may name one that this build does not know. */
  protected makerOf(name: string): KeyBackendMaker | undefined {
    return Object.hasOwn(KEY_BACKENDS, name) ? KEY_BACKENDS[name as KeyBackendName] : undefined;
  }

  async #make(name: KeyBackendName): Promise<SteadyBackend> {
    try {
      const make = this.makerOf(name);
      if (!make) throw new Error(`This build knows no key backend ${name}`);
      const backend = await make((type) => this.modules.get(type, { strict: false }));
      return new SteadyBackend(name, backend, this.settings.keyTimeoutMs);
    } catch (cause) {
      throw Object.assign(new GatewayError('keys_unavailable'), { cause });
    }
  }
}
