import type { DataSource } from 'typeorm';
import { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js';
import { BetterSqlite3QueryRunner } from 'typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner.js';
import { SqliteGate } from './sqlite-gate.js';
import { unitScope } from './unit-scope.js';

/**
 * TypeORM shares one query runner among all users of an SQLite connection, so that a statement of one caller lands in
 * the transaction of another and is lost in its rollback. This one holds the gate from BEGIN to COMMIT or ROLLBACK,
 * and for each statement outside of a transaction. It leans on internals of TypeORM, whose version is therefore pinned.
 */
class GatedQueryRunner extends BetterSqlite3QueryRunner {
  #holding = false;

  constructor(
    driver: BetterSqlite3Driver,
    private readonly gate: SqliteGate,
    statements: Map<string, unknown>,
  ) {
    super(driver);
    Object.assign(this, { stmtCache: statements });
  }

  override async startTransaction(...isolation: Parameters<BetterSqlite3QueryRunner['startTransaction']>) {
    const outermost = !this.#holding;
    if (outermost) await this.#enter();
    try {
      await super.startTransaction(...isolation);
    } catch (error) {
      if (outermost) this.#end();
      throw error;
    }
  }

  override async commitTransaction(): Promise<void> {
    await super.commitTransaction();
    if (!this.isTransactionActive) this.#end();
  }

  override async rollbackTransaction(): Promise<void> {
    const outermost = this.transactionDepth <= 1;
    try {
      await super.rollbackTransaction();
    } finally {
      if (outermost && this.#holding) this.#end();
    }
  }

  override async query(
    text: string,
    ...rest: [parameters?: unknown[], structured?: boolean]
  ): ReturnType<BetterSqlite3QueryRunner['query']> {
    // A transaction that starts as a reader cannot wait for another process when it comes to write.
    const statement = text === 'BEGIN TRANSACTION' ? 'BEGIN IMMEDIATE' : text;
    if (this.#holding) return super.query(statement, ...rest);
    if (unitScope.inside) throw new Error('Inside a unit of work the database is reached through its manager only');
    await this.#enter();
    try {
      return await super.query(statement, ...rest);
    } finally {
      this.#leave();
    }
  }

  override async release(): Promise<void> {
    if (this.isTransactionActive) await this.rollbackTransaction();
    await super.release();
  }

  async #enter(): Promise<void> {
    await this.gate.enter();
    this.#holding = true;
  }

  #end(): void {
    this.isTransactionActive = false;
    this.transactionDepth = 0;
    this.#leave();
  }

  #leave(): void {
    this.#holding = false;
    this.gate.leave();
  }
}

/**
 * Puts the gate before a data source of the type `better-sqlite3`, before it is initialized.
 * Closing waits for the transaction under way and folds the write-ahead log into the file.
 *
 * @param waitMs longest wait for the turn, milliseconds
 */
export function installSqliteGate(dataSource: DataSource, waitMs: number): void {
  const { driver } = dataSource;
  if (!(driver instanceof BetterSqlite3Driver)) throw new TypeError('The gate is for SQLite only');
  const gate = new SqliteGate(waitMs);
  const statements = new Map<string, unknown>();
  const disconnect = driver.disconnect.bind(driver);
  driver.createQueryRunner = () => new GatedQueryRunner(driver, gate, statements);
  driver.disconnect = async () => {
    await gate.enter();
    try {
      statements.clear();
      // Another process that writes now folds the log when it closes.
      driver.databaseConnection.pragma('busy_timeout = 0');
      driver.databaseConnection.pragma('wal_checkpoint(TRUNCATE)');
      await disconnect();
    } finally {
      gate.leave();
    }
  };
}
