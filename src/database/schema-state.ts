import { type DataSource, type Migration, MigrationExecutor, type QueryRunner } from 'typeorm';

export interface SchemaState {
  /** What the database lacks, in the order of execution. */
  readonly pending: readonly Migration[];
  /** What the database has and this build does not know, newest first. */
  readonly unknown: readonly Migration[];
  readonly newestKnown: string;
}

/** Compares the database with the build; changes nothing, so that it works without the right to create tables. */
export async function readSchemaState(dataSource: DataSource, runner?: QueryRunner): Promise<SchemaState> {
  const executor = new MigrationExecutor(dataSource, runner);
  const known = dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name);
  const executed = await executor.getExecutedMigrations();
  return {
    pending: await executor.getPendingMigrations(),
    unknown: executed.filter(({ name }) => !known.includes(name)),
    newestKnown: known.sort((a, b) => timestamp(a) - timestamp(b)).at(-1) ?? 'none',
  };
}

function timestamp(name: string): number {
  return Number(name.slice(-13));
}
