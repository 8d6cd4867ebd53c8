import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { isUniqueViolation } from '../database/unique-violation.js';
import { GatewayError } from '../http/errors.js';
import { AuditSettings } from './audit.settings.js';
import type { UsageLogRow } from './usage-log.entity.js';
import { UsageLogRepository } from './usage-log.repository.js';

// The statement is cached by its size: full batches share one, the rest are few.
const BATCH = 200;
const RETRY_MS = 500;

/** Writes usage rows in batches. A full queue holds new calls back; nothing is dropped while the process lives. */
@Injectable()
export class UsageWriter implements BeforeApplicationShutdown {
  readonly #log = new Logger(UsageWriter.name);
  #queue: UsageLogRow[] = [];
  #flushing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;
  #rows = 0;
  #batches = 0;

  constructor(
    private readonly repository: UsageLogRepository,
    private readonly settings: AuditSettings,
  ) {}

  push(row: UsageLogRow): void {
    this.#queue.push(row);
    if (this.#queue.length >= BATCH) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), this.settings.usageFlushMs);
  }

  get statistics(): { rows: number; waiting: number; batches: number } {
    return { rows: this.#rows, waiting: this.#queue.length, batches: this.#batches };
  }

  /** Whether a call may start now; true almost always. */
  get hasRoom(): boolean {
    return this.#queue.length < this.settings.usageQueue;
  }

  /** Waits for room when the database lags; refuses with 503 after a while. */
  async room(): Promise<void> {
    await Promise.race([this.flush(), pause(this.settings.usageWaitMs, undefined, { ref: false })]);
    if (!this.hasRoom) throw new GatewayError('overloaded', 'The usage log can’t keep up; retry', 'usage_log_full');
  }

  /** Resolves when everything queued so far is stored. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#flushing ??= this.#drain().finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping = true;
    await this.flush();
    if (this.#queue.length > 0)
      this.#log.error({ message: 'usage rows were lost: the database did not take them', rows: this.#queue.length });
  }

  async #drain(): Promise<void> {
    let failures = 0;
    while (this.#queue.length > 0) {
      const batch = this.#queue.slice(0, BATCH);
      try {
        await this.#store(batch);
        this.#queue = this.#queue.slice(batch.length);
        this.#rows += batch.length;
        failures = 0;
      } catch (error) {
        failures += 1;
        this.#log.error({
          message: 'usage rows wait: the database did not take them',
          rows: this.#queue.length,
          error,
        });
        if (this.#stopping && failures >= 3) return;
        await pause(RETRY_MS * Math.min(failures, 10), undefined, { ref: false });
      }
    }
  }

  async #store(batch: readonly UsageLogRow[]): Promise<void> {
    this.#batches += 1;
    try {
      await this.repository.insertAll(batch);
    } catch (error) {
      // The statement is atomic: an id that exists means that an earlier try was stored and only its answer was lost.
      if (!isUniqueViolation(error)) throw error;
    }
  }
}
