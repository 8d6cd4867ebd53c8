/** The code that the driver gave an error: an SQLSTATE, an `ER_…` or an `SQLITE_…`. */
export function databaseErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
