import { existsSync } from 'node:fs';
import { databaseTarget } from './data-source-options.js';
import type { DatabaseSettings } from './database.settings.js';

/** The path of the SQLite file that is not there yet; undefined when it is, and for servers, which answer for themselves. */
export function missingDatabase(settings: DatabaseSettings): string | undefined {
  const target = databaseTarget(settings);
  return target.engine === 'sqlite' && !existsSync(target.path) ? target.path : undefined;
}
