import type { DataSource } from 'typeorm';
import { createDataSource, type DataSourceParts } from './data-source.js';
import type { DatabaseSettings } from './database.settings.js';
import { migrate, refuseNewer } from './migrate.js';
import { SchemaError } from './schema-error.js';
import { readSchemaState } from './schema-state.js';

/**
 * A connected data source whose schema is exactly that of the build.
 * @throws SchemaError, or what the driver says when the server cannot be reached
 */
export async function openDatabase(settings: DatabaseSettings, parts: DataSourceParts): Promise<DataSource> {
  const dataSource = createDataSource(settings, parts);
  try {
    await dataSource.initialize();
    await prepareSchema(dataSource, settings);
    return dataSource;
  } catch (error) {
    if (dataSource.isInitialized) await dataSource.destroy();
    throw error;
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
