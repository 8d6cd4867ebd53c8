import type { DataSource } from 'typeorm';
import { createDataSource, type DataSourceParts } from './data-source.js';
import { databaseErrorCode } from './database-error-code.js';
import type { DatabaseSettings } from './database.settings.js';
import { migrate, refuseNewer } from './migrate.js';
import { SchemaError } from './schema-error.js';
import { readSchemaState } from './schema-state.js';

/**
 * A connected data source whose schema is exactly that of the build.
 * @throws SchemaError, DatabaseUrlError, or an Error with the driver's reason when there is no connection
 */
export async function openDatabase(settings: DatabaseSettings, parts: DataSourceParts): Promise<DataSource> {
  const dataSource = createDataSource(settings, parts);
  try {
    await connect(dataSource);
    await prepareSchema(dataSource, settings);
    return dataSource;
  } catch (error) {
    if (dataSource.isInitialized) await dataSource.destroy();
    throw error;
  }
}

async function connect(dataSource: DataSource): Promise<void> {
  try {
    await dataSource.initialize();
  } catch (error) {
    // Where a name has several addresses, Node's error has a code and no message.
    const reason = error instanceof Error && error.message !== '' ? error.message : databaseErrorCode(error);
    const hint = /\bssl\b|secure|certificate|altnames/i.test(reason ?? '') ? '; see DB_SSL_MODE and DB_SSL_CA' : '';
    throw new Error(`There is no connection to the database: ${reason}${hint}`, { cause: error });
  }
}

async function prepareSchema(dataSource: DataSource, settings: DatabaseSettings): Promise<void> {
  const state = await readSchemaState(dataSource);
  refuseNewer(state);
  const [next] = state.pending;
  if (next === undefined) return;
  if (settings.migrateOnStart) {
    await migrate(dataSource, settings);
    return;
  }
  throw new SchemaError(
    `The database lacks ${state.pending.length} migration(s), ${next.name} first, and MIGRATE_ON_START is false: ` +
      'run the migration job before this build.',
  );
}
