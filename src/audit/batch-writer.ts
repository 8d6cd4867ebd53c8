import { type BeforeApplicationShutdown, Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { isUniqueViolation } from '../database/unique-violation.js';
import type { LogRow, LogRows } from './log-rows.js';
import { RowAllowance } from './row-allowance.js';

// The statement is cached by its size: full batches share one, the rest are few.
const BATCH = 200;
const LAST_TRIES = 3;

interface Waiter {
  /** How many rows have to be stored since the start. */
  readonly upTo: number;
  readonly wake: () => void;
}

export interface WriterStatistics {
  readonly rows: number;
  readonly waiting: number;
  readonly batches: number;
  readonly lost: number;
}

/** Writes the rows of a log in batches, in the order in which they came, each once. */
export abstract class BatchWriter<Row extends LogRow> implements BeforeApplicationShutdown {
  /** Between the first tries, milliseconds; later ones come up to ten times slower. */
  protected readonly retryMs: number = 500;
  readonly #log: Logger;
  readonly #complaints = new RowAllowance(1);
  readonly #waiters = new Set<Waiter>();
  #queue: Row[] = [];
  #timer: NodeJS.Timeout | undefined;
  #draining = false;
  #stopping = false;
  #stored = 0;
  #batches = 0;
  #lost = 0;

  /**
   * @param noun of the rows, for the log of the process
   * @param flushMs the longest that a row waits, milliseconds
   */
  protected constructor(
    private readonly rows: LogRows<Row>,
    private readonly noun: string,
    private readonly flushMs: number,
  ) {
    this.#log = new Logger(new.target.name);
  }

  get statistics(): WriterStatistics {
    return { rows: this.#stored, waiting: this.waiting, batches: this.#batches, lost: this.#lost };
  }

  /**
   * Resolves when everything queued so far is stored, or given up at the end of the process.
   * @param patienceMs longest to wait
   */
  async flush(patienceMs?: number): Promise<void> {
    await this.untilStored(this.waiting, patienceMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping = true;
    await this.flush();
    const rows = this.waiting + this.#lost;
    if (rows > 0) this.#log.error({ message: `${this.noun} were lost: the database did not take them`, rows });
  }

  protected get waiting(): number {
    return this.#queue.length;
  }

  /** Queues a row unless so many wait already; then it is lost, and counted. @returns whether it was queued */
  protected add(row: Row, most: number): boolean {
    if (this.#queue.length >= most) {
      this.#lost += 1;
      if (this.#complaints.takes(Date.now()))
        this.#log.error({ message: `${this.noun} are lost: too many wait for the database`, lost: this.#lost });
      return false;
    }
    this.#queue.push(row);
    if (this.#queue.length >= BATCH) this.#start();
    else this.#timer ??= setTimeout(() => this.#start(), this.flushMs);
    return true;
  }

  /** Starts writing, and resolves when so many more rows are stored, or after the patience. */
  protected async untilStored(count: number, patienceMs?: number): Promise<void> {
    const upTo = this.#stored + count;
    this.#start();
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

  async #stores(batch: readonly Row[]): Promise<boolean> {
    this.#batches += 1;
    try {
      await this.rows.insertAll(batch);
      return true;
    } catch (error) {
      // The statement is atomic: an id that exists means that an earlier try was stored and only its answer was lost.
      if (isUniqueViolation(error)) return true;
      const { waiting: rows, lost } = this.statistics;
      this.#log.error({ message: `${this.noun} wait: the database did not take them`, rows, lost, error });
      return false;
    }
  }
}
