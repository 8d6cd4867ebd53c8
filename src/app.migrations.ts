import type { MigrationClass } from './database/schema-lists.js';

/** Every migration of the application; the 13 digits at the end of each name give the order. */
export const MIGRATIONS: readonly MigrationClass[] = [];
