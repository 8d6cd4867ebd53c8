import type { DataSource, QueryRunner } from 'typeorm';
import { databaseErrorCode } from './database-error-code.js';
import type { DatabaseSettings } from './database.settings.js';
import { useBinaryCollation } from './mysql-collation.js';
import { mysqlSession } from './mysql-driver.js';

type Limits = Pick<DatabaseSettings, 'sqliteBusyTimeoutMs' | 'statementTimeoutSeconds'>;

/** Lets one replica at a time change the schema. */
export interface MigrationLock {
  /** False while another replica holds it. */
  tryEnter(runner: QueryRunner): Promise<boolean>;
  /** Ends what `tryEnter` began. Where the engine can, a failed step leaves no trace. */
  leave(runner: QueryRunner, outcome: 'done' | 'failed'): Promise<void>;
}

export function migrationLock(dataSource: DataSource, limits: Limits): MigrationLock {
  const { type } = dataSource.options;
  if (type === 'postgres') return POSTGRES;
  return type === 'better-sqlite3' ? sqliteLock(limits) : mysqlLock(limits);
}

const endTransaction: MigrationLock['leave'] = (runner, outcome) =>
  outcome === 'done' ? runner.commitTransaction() : runner.rollbackTransaction();

/**
 * The lock belongs to the transaction of the step: it ends with it whatever happens to the replica, and it works
 * through a pooler in transaction mode, where a lock of the session would be orphaned.
 */
const POSTGRES: MigrationLock = {
  async tryEnter(runner) {
    await runner.startTransaction();
    const [row] = await runner.query(
      `SELECT pg_try_advisory_xact_lock(hashtextextended('portcullis schema', 0)) AS entered`,
    );
    if (!row.entered) await runner.rollbackTransaction();
    else await runner.query('SET LOCAL statement_timeout = 0');
    return row.entered;
  },
  leave: endTransaction,
};

/** BEGIN IMMEDIATE is the lock. Foreign keys rest meanwhile, because SQLite changes a table by replacing it. */
function sqliteLock(limits: Limits): MigrationLock {
  return {
    async tryEnter(runner) {
      await runner.beforeMigration();
      await runner.query('PRAGMA busy_timeout = 0');
      try {
        await runner.startTransaction();
        return true;
      } catch (error) {
        await runner.afterMigration();
        if (databaseErrorCode(error) === 'SQLITE_BUSY') return false;
        throw error;
      } finally {
        await runner.query(`PRAGMA busy_timeout = ${limits.sqliteBusyTimeoutMs}`);
      }
    },
    async leave(runner, outcome) {
      await endTransaction(runner, outcome);
      await runner.afterMigration();
    },
  };
}

/**
 * A lock of the session, on the one server that answers: Galera and group replication need a single writer meanwhile.
 * DDL commits at once here, so that a migration that fails half-way stays half-way.
 */
function mysqlLock(limits: Limits): MigrationLock {
  const name = `CONCAT('portcullis:', SHA1(DATABASE()))`;
  return {
    async tryEnter(runner) {
      const [row] = await runner.query(`SELECT GET_LOCK(${name}, 0) AS entered`);
      if (Number(row.entered) !== 1) return false;
      await runner.query(mysqlSession(0));
      await useBinaryCollation(runner);
      return true;
    },
    async leave(runner) {
      await runner.query(mysqlSession(limits.statementTimeoutSeconds));
      await runner.query(`SELECT RELEASE_LOCK(${name})`);
    },
  };
}
