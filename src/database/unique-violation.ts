import { databaseErrorCode } from './database-error-code.js';

const CODES = new Set(['23505', 'ER_DUP_ENTRY', 'SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY']);

/**
 * Whether a statement failed because a unique index or primary key already has the value.
 * PostgreSQL ends the transaction with such an error, so catch it outside of the unit of work.
 */
export function isUniqueViolation(error: unknown): boolean {
  return CODES.has(databaseErrorCode(error) ?? '');
}
