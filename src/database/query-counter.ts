import { Logger as NestLogger } from '@nestjs/common';
import type { Logger } from 'typeorm';

/**
 * Counts the statements sent to the database, so that a benchmark or a test can show that a warm call sends none.
 * It prints neither statements nor parameters; warnings of the driver go to the application log.
 */
export class QueryCounter implements Logger {
  readonly #log = new NestLogger('Database');
  #statements = 0;

  /** Statements since the start, BEGIN and COMMIT included. */
  get statements(): number {
    return this.#statements;
  }

  logQuery(): void {
    this.#statements += 1;
  }

  logQueryError(): void {}

  logQuerySlow(): void {}

  logSchemaBuild(): void {}

  logMigration(): void {}

  log(level: 'log' | 'info' | 'warn', message: unknown): void {
    if (level === 'warn') this.#log.warn(String(message));
  }
}
