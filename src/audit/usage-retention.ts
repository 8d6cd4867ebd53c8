import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { AuditSettings } from './audit.settings.js';
import { UsageLogRepository } from './usage-log.repository.js';

const DAY_MS = 86_400_000;
/** Rows deleted by one statement: short enough that writers don't wait for it. */
const BATCH = 1000;

/** Deletes usage rows that are old enough. Replicas that do it at the same time do no harm. */
@Injectable()
export class UsageRetention implements BeforeApplicationShutdown {
  readonly #log = new Logger(UsageRetention.name);
  #stopping = false;

  constructor(
    private readonly repository: UsageLogRepository,
    private readonly settings: AuditSettings,
  ) {}

  @Cron(CronExpression.EVERY_HOUR, { waitForCompletion: true })
  async hourly(): Promise<void> {
    try {
      const rows = await this.purge(new Date());
      if (rows > 0) this.#log.log({ message: 'old usage rows were deleted', rows });
    } catch (error) {
      this.#log.error({ message: 'old usage rows were not deleted; the next hour tries again', error });
    }
  }

  /** Returns how many rows went. */
  async purge(now: Date): Promise<number> {
    const before = new Date(now.getTime() - this.settings.usageRetentionDays * DAY_MS);
    let [rows, deleted] = [0, BATCH];
    while (deleted >= BATCH && !this.#stopping) {
      deleted = await this.repository.deleteBefore(before, BATCH);
      rows += deleted;
    }
    return rows;
  }

  beforeApplicationShutdown(): void {
    this.#stopping = true;
  }
}
