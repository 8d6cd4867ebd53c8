import { Injectable } from '@nestjs/common';
import { GatewayError } from '../http/errors.js';
import { AuditSettings } from './audit.settings.js';
import { BatchWriter } from './batch-writer.js';
import type { UsageLogRow } from './usage-log.entity.js';
import { UsageLogRepository } from './usage-log.repository.js';

/** Calls that were let in, and REST calls, may fill the queue to so many times its size; more would fill the memory. */
const OVERFULL = 2;

/** Writes usage rows. A full queue holds new calls back. */
@Injectable()
export class UsageWriter extends BatchWriter<UsageLogRow> {
  constructor(
    repository: UsageLogRepository,
    private readonly settings: AuditSettings,
  ) {
    super(repository, 'usage rows', settings.usageFlushMs);
  }

  push(row: UsageLogRow): void {
    this.add(row, OVERFULL * this.settings.usageQueue);
  }

  /** Whether a call may start now; true almost always. */
  get hasRoom(): boolean {
    return this.waiting < this.settings.usageQueue;
  }

  /** Waits for room when the database lags; refuses with 503 after a while. */
  async room(): Promise<void> {
    const tooMany = this.waiting - this.settings.usageQueue + 1;
    await this.untilStored(tooMany, this.settings.usageWaitMs);
    if (!this.hasRoom) throw new GatewayError('overloaded', 'The usage log can’t keep up; retry', 'usage_log_full');
  }
}
