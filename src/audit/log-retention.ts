import { type BeforeApplicationShutdown, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import type { LogRow, LogRows } from './log-rows.js';

const DAY_MS = 86_400_000;
/** Rows deleted by one statement: short enough that writers don't wait for it. */
const BATCH = 1000;

/** Deletes the rows of a log that are old enough. Replicas that do it at the same time do no harm. */
export abstract class LogRetention<Row extends LogRow> implements BeforeApplicationShutdown {
  readonly #log: Logger;
  #stopping = false;

  /** @param noun of the rows, for the log of the process */
  protected constructor(
    private readonly rows: LogRows<Row>,
    private readonly noun: string,
    private readonly days: number,
  ) {
    this.#log = new Logger(new.target.name);
  }

  @Cron(CronExpression.EVERY_HOUR, { waitForCompletion: true })
  async hourly(): Promise<void> {
    try {
      const rows = await this.purge(new Date());
      if (rows > 0) this.#log.log({ message: `old ${this.noun} were deleted`, rows });
    } catch (error) {
      this.#log.error({ message: `old ${this.noun} were not deleted; the next hour tries again`, error });
    }
  }

  /** Returns how many rows went. */
  async purge(now: Date): Promise<number> {
    const before = new Date(now.getTime() - this.days * DAY_MS);
    let [rows, deleted] = [0, BATCH];
    while (deleted >= BATCH && !this.#stopping) {
      deleted = await this.rows.deleteBefore(before, BATCH);
      rows += deleted;
    }
    return rows;
  }

  beforeApplicationShutdown(): void {
    this.#stopping = true;
  }
}
