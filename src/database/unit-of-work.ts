import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { databaseErrorCode } from './database-error-code.js';
import { unitScope } from './unit-scope.js';

const ATTEMPTS = 3;
const TRANSIENT = new Set(['40001', '40P01', 'ER_LOCK_DEADLOCK', 'SQLITE_BUSY', 'SQLITE_BUSY_SNAPSHOT']);

/** Work that takes effect as a whole or not at all. */
@Injectable()
export class UnitOfWork {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs `work` in one transaction, up to three times when the database asks to try again (deadlock, serialization).
   * So `work` must do nothing but database work, and only through the manager it gets; send events after it.
   *
   * The isolation is READ COMMITTED on the servers: a decision that rests on rows read before needs a constraint, a
   * conditional UPDATE, or `SERIALIZABLE`. SQLite is always serializable.
   */
  async run<T>(work: (manager: EntityManager) => Promise<T>, isolation?: 'SERIALIZABLE'): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await unitScope.run(() => this.#once(work, isolation));
      } catch (error) {
        if (attempt === ATTEMPTS || !TRANSIENT.has(databaseErrorCode(error) ?? '')) throw error;
      }
      await pause(randomInt(5, 40) * attempt);
    }
  }

  #once<T>(work: (manager: EntityManager) => Promise<T>, isolation: 'SERIALIZABLE' | undefined): Promise<T> {
    return isolation ? this.dataSource.transaction(isolation, work) : this.dataSource.transaction(work);
  }
}
