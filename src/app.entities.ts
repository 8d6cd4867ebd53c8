import type { EntityClass } from './database/schema-lists.js';

/** Every entity of the application. */
export const ENTITIES: readonly EntityClass[] = [];
