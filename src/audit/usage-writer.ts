import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { isUniqueViolation } from '../database/unique-violation.js';
import { GatewayError } from '../http/errors.js';
import { AuditSettings } from './audit.settings.js';
import type { UsageLogRow } from './usage-log.entity.js';
import { UsageLogRepository } from './usage-log.repository.js';

// The statement is cached by its size: full batches share one, the rest are few.
const BATCH = 200;
const LAST_TRIES = 3;
/** Calls that were let in, and REST calls, may fill the queue to so many times its size; more would fill the memory. */
const OVERFULL = 2;

interface Waiter {
  /** How many rows have to be stored since the start. */
  readonly upTo: number;
  readonly wake: () => void;
}

/** Writes usage rows in batches. A full queue holds new calls back. */
@Injectable()
export class UsageWriter implements BeforeApplicationShutdown {
  /** Between the first tries, milliseconds; later ones come up to ten times slower. */
  protected readonly retryMs: number = 500;
  readonly #log = new Logger(UsageWriter.name);
  readonly #waiters = new Set<Waiter>();
  #queue: UsageLogRow[] = [];
  #timer: NodeJS.Timeout | undefined;
  #draining = false;
  #stopping = false;
  #stored = 0;
  #batches = 0;
  #lost = 0;

  constructor(
    private readonly repository: UsageLogRepository,
    private readonly settings: AuditSettings,
  ) {}

  push(row: UsageLogRow): void {
    if (this.#queue.length >= OVERFULL * this.settings.usageQueue) {
      this.#lost += 1;
      return;
    }
    this.#queue.push(row);
    if (this.#queue.length >= BATCH) this.#start();
    else this.#timer ??= setTimeout(() => this.#start(), this.settings.usageFlushMs);
  }

  get statistics(): { rows: number; waiting: number; batches: number; lost: number } {
    return { rows: this.#stored, waiting: this.#queue.length, batches: this.#batches, lost: this.#lost };
  }

  /** Whether a call may start now; true almost always. */
  get hasRoom(): boolean {
    return this.#queue.length < this.settings.usageQueue;
  }

  /** Waits for room when the database lags; refuses with 503 after a while. */
  async room(): Promise<void> {
    this.#start();
    const tooMany = this.#queue.length - this.settings.usageQueue + 1;
    await this.#until(this.#stored + tooMany, this.settings.usageWaitMs);
    if (!this.hasRoom) throw new GatewayError('overloaded', 'The usage log can’t keep up; retry', 'usage_log_full');
  }

  /**
   * Resolves when everything queued so far is stored, or given up at the end of the process.
   * @param patienceMs longest to wait
   */
  async flush(patienceMs?: number): Promise<void> {
    this.#start();
    await this.#until(this.#stored + this.#queue.length, patienceMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping = true;
    await this.flush();
    const rows = this.#queue.length + this.#lost;
    if (rows > 0) this.#log.error({ message: 'usage rows were lost: the database did not take them', rows });
  }

  async #until(upTo: number, patienceMs?: number): Promise<void> {
    if (this.#stored >= upTo) return;
    let waiter: Waiter | undefined;
    const stored = new Promise<void>((wake) => {
      waiter = { upTo, wake };
      this.#waiters.add(waiter);
    });
    await (patienceMs === undefined ? stored : Promise.race([stored, pause(patienceMs, undefined, { ref: false })]));
    if (waiter) this.#waiters.delete(waiter);
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#draining) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    let [failures, lastTries] = [0, 0];
    let batch = this.#queue.slice(0, BATCH);
    while (batch.length > 0 && lastTries < LAST_TRIES) {
      if (failures > 0) await pause(this.retryMs * Math.min(failures, 10));
      // The same rows until they are stored, or nobody could tell which of them an earlier try has stored.
      if (await this.#stores(batch)) {
        [failures, lastTries] = [0, 0];
        this.#queue = this.#queue.slice(batch.length);
        this.#stored += batch.length;
        this.#wake(this.#stored);
        batch = this.#queue.slice(0, BATCH);
      } else {
        failures += 1;
        if (this.#stopping) lastTries += 1;
      }
    }
    this.#draining = false;
    this.#wake(Number.POSITIVE_INFINITY);
  }

  #wake(stored: number): void {
    for (const { upTo, wake } of this.#waiters) if (upTo <= stored) wake();
  }

  async #stores(batch: readonly UsageLogRow[]): Promise<boolean> {
    this.#batches += 1;
    try {
      await this.repository.insertAll(batch);
      return true;
    } catch (error) {
      // The statement is atomic: an id that exists means that an earlier try was stored and only its answer was lost.
      if (isUniqueViolation(error)) return true;
      const { waiting: rows, lost } = this.statistics;
      this.#log.error({ message: 'usage rows wait: the database did not take them', rows, lost, error });
      return false;
    }
  }
}
