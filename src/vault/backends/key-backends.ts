import type { Type } from '@nestjs/common';
import { VaultSettings } from '../vault.settings.js';
import type { KeyBackend } from './key-backend.js';
import type { KeyBackendName } from './key-backend-names.js';
import { LocalKeyBackend } from './local-key-backend.js';

/** What a backend is made of: any settings class, `Egress`, and what else the application provides. */
export type Parts = <T extends object>(type: Type<T>) => T;
/** @throws Error that names the setting it lacks */
export type KeyBackendMaker = (parts: Parts) => KeyBackend | Promise<KeyBackend>;

/** Every kind of key backend. One that brings a large library along imports it in its maker. */
export const KEY_BACKENDS: Readonly<Record<KeyBackendName, KeyBackendMaker>> = {
  local: (parts) => new LocalKeyBackend(parts(VaultSettings)),
};
