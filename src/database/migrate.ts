import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type DataSource, type Migration, MigrationExecutor, type QueryRunner } from 'typeorm';
import type { DatabaseSettings } from './database.settings.js';
import { type MigrationLock, migrationLock } from './migration-lock.js';
import { SchemaError } from './schema-error.js';
import { readSchemaState, type SchemaState } from './schema-state.js';

/**
 * Brings the schema up to date, one locked step for each pending migration; any number of replicas may do so at once.
 * Where the engine has transactional DDL (SQLite, PostgreSQL), each step is a transaction.
 *
 * @returns the names of the migrations that this replica ran
 * @throws SchemaError when a migration fails, the lock stays taken, or the schema is newer than the build
 */
export async function migrate(dataSource: DataSource, settings: DatabaseSettings): Promise<readonly string[]> {
  const lock = migrationLock(dataSource, settings);
  const waitMs = settings.migrationLockTimeoutSeconds * 1000;
  const runner = dataSource.createQueryRunner();
  const ran: string[] = [];
  try {
    for (;;) {
      await enter(lock, runner, waitMs);
      const name = await step(lock, runner);
      if (name === undefined) return ran;
      ran.push(name);
    }
  } finally {
    await runner.release();
  }
}

/** @throws SchemaError when the database has a migration that this build does not know */
export function refuseNewer(state: SchemaState): void {
  const [newest] = state.unknown;
  if (newest === undefined) return;
  throw new SchemaError(
    `The database is newer than this build: it has the migration ${newest.name}, the newest one known here is ` +
      `${state.newestKnown}. Start a newer build, or restore a backup from before that migration.`,
  );
}

async function enter(lock: MigrationLock, runner: QueryRunner, waitMs: number): Promise<void> {
  const deadline = Date.now() + waitMs;
  while (!(await lock.tryEnter(runner))) {
    if (Date.now() > deadline) {
      throw new SchemaError(
        `Another replica has been migrating for more than ${waitMs / 1000} s (MIGRATION_LOCK_TIMEOUT)`,
      );
    }
    await pause(randomInt(50, 150));
  }
}

async function step(lock: MigrationLock, runner: QueryRunner): Promise<string | undefined> {
  let outcome: 'done' | 'failed' = 'failed';
  try {
    const state = await readSchemaState(runner.dataSource, runner);
    refuseNewer(state);
    const [next] = state.pending;
    if (next) await execute(next, runner);
    outcome = 'done';
    return next?.name;
  } finally {
    await lock.leave(runner, outcome);
  }
}

async function execute(migration: Migration, runner: QueryRunner): Promise<void> {
  try {
    await new MigrationExecutor(runner.dataSource, runner).executeMigration(migration);
  } catch (error) {
    throw new SchemaError(`The migration ${migration.name} failed: ${(error as Error).message}`, { cause: error });
  }
}
