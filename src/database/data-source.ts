import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DataSource, type Logger } from 'typeorm';
import { databaseTarget, dataSourceOptions } from './data-source-options.js';
import type { DatabaseSettings } from './database.settings.js';
import { installSqliteGate } from './gated-query-runner.js';
import { QueryCounter } from './query-counter.js';
import type { SchemaLists } from './schema-lists.js';

export interface DataSourceParts extends SchemaLists {
  readonly logger?: Logger;
}

/**
 * The data source that the settings describe, not yet connected. An SQLite file is made now, readable by its owner only.
 * @throws DatabaseUrlError, or an Error that names the setting at fault
 */
export function createDataSource(settings: DatabaseSettings, parts: DataSourceParts): DataSource {
  const target = databaseTarget(settings);
  const dataSource = new DataSource(dataSourceOptions(target, settings, parts, parts.logger ?? new QueryCounter()));
  if (target.engine !== 'sqlite') return dataSource;
  installSqliteGate(dataSource, settings.poolTimeoutSeconds * 1000);
  if (target.path !== ':memory:') makePrivateFile(target.path);
  return dataSource;
}

function makePrivateFile(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    throw new Error(`The database file cannot be made, see DATA_DIR and DATABASE_URL: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
