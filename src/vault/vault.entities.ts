import type { EntityClass } from '../database/schema-lists.js';
import { DataKey } from './keys/data-key.entity.js';
import { KeyRotationRow } from './rotation/key-rotation.entity.js';

export const VAULT_ENTITIES: readonly EntityClass[] = [DataKey, KeyRotationRow];
