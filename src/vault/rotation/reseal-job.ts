import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { SealError } from '#libs/sealing';
import { LRUCache } from 'lru-cache';
import { ChangeBus } from '../../changes/change-bus.js';
import { newId } from '../../database/new-id.js';
import { DataKeys } from '../keys/data-keys.js';
import { type SealedAt, SecretSealer } from '../secret-sealer.js';
import { VaultSettings } from '../vault.settings.js';
import type { KeyRotationRow } from './key-rotation.entity.js';
import { KeyRotations } from './key-rotations.js';
import { type SealedPlace, type SealedRow, SealedRows } from './sealed-rows.js';

const BATCH = 100;
const MOST_TOLD = 1000;

/** Seals every value anew with the current data key, and destroys the former keys when nothing names them any more. */
@Injectable()
export class ResealJob implements BeforeApplicationShutdown {
  readonly #log = new Logger(ResealJob.name);
  readonly #me = newId();
  #running: Promise<void> | undefined;
  /** Values that can't be opened, as the log has them. */
  readonly #told = new LRUCache<string, true>({ max: MOST_TOLD });
  #stopping = false;

  constructor(
    private readonly keys: DataKeys,
    private readonly rotations: KeyRotations,
    private readonly rows: SealedRows,
    private readonly vault: SecretSealer,
    private readonly changes: ChangeBus,
    private readonly settings: VaultSettings,
  ) {}

  @Cron(CronExpression.EVERY_10_SECONDS, { waitForCompletion: true })
  async tick(): Promise<void> {
    try {
      await this.run();
    } catch (error) {
      this.#log.error({ message: 'values could not be sealed anew; it is tried again', error });
    }
  }

  /** One pass over all that is left, unless another replica is at it. It goes on where it ended when it is cut short. */
  run(): Promise<void> {
    this.#running ??= this.#pass().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping = true;
    await this.#running?.catch(() => undefined);
  }

  async #pass(): Promise<void> {
    const newest = await this.keys.newest();
    const rotation = newest && (await this.rotations.of(newest.id));
    if (!rotation || rotation.finishedAt || this.#stopping) return;
    const { dataKeyId } = rotation;
    if (!(await this.rotations.take(dataKeyId, this.#me))) return;
    try {
      const unreadable = await this.#resealAll(dataKeyId);
      if (unreadable !== undefined) await this.#settle(rotation, unreadable);
    } finally {
      await this.rotations.release(dataKeyId, this.#me);
    }
  }

  /** How many values could not be opened; undefined when it was cut short. */
  async #resealAll(keyId: string): Promise<number | undefined> {
    let unreadable = 0;
    for (const place of this.rows.places) {
      let after = '';
      for (;;) {
        const batch = await this.rows.others(place, keyId, after, BATCH);
        const opened = await this.#reseal(place, batch, keyId);
        unreadable += batch.length - opened;
        if (!(await this.rotations.progressed(keyId, this.#me, opened)) || this.#stopping) return undefined;
        if (batch.length < BATCH) break;
        after = batch.at(-1)?.id ?? '';
      }
    }
    return unreadable;
  }

  /** How many could be opened. */
  async #reseal(place: SealedPlace, batch: readonly SealedRow[], keyId: string): Promise<number> {
    const { table, column } = place;
    let opened = 0;
    for (const row of batch) {
      try {
        const text = await this.vault.open(row.sealed, { table, row: row.id, column });
        const sealer = await this.keys.sealer(keyId);
        await this.rows.replace(place, row, sealer.seal(text, [table, row.id, column]));
        opened += 1;
      } catch (error) {
        if (!(error instanceof SealError)) throw error;
        this.#tell({ table, row: row.id, column });
      }
    }
    return opened;
  }

  /** Once, not at each pass. */
  #tell(place: SealedAt): void {
    const name = Object.values(place).join('/');
    if (this.#told.has(name)) return;
    this.#told.set(name, true);
    this.#log.error({ message: 'a value can not be opened; give it anew', ...place });
  }

  /** A key goes when nothing has named it for as long as somebody may hold what it sealed, not yet stored. */
  async #settle({ dataKeyId, cleanAt }: KeyRotationRow, unreadable: number): Promise<void> {
    const left = await this.rows.countOthers(dataKeyId);
    if (left > 0) {
      await this.rotations.note(dataKeyId, this.#me, { unreadable, cleanAt: null });
    } else if (!cleanAt) {
      await this.rotations.noteClean(dataKeyId, this.#me);
      // Whoever remembers a value as it was sealed could not open it for much longer.
      this.changes.publish({ kind: 'anything_changed' });
    } else if (await this.rotations.cleanFor(dataKeyId, this.settings.keyRetirementSeconds)) {
      const destroyed = await this.keys.destroyBefore(dataKeyId);
      await this.rotations.note(dataKeyId, this.#me, { unreadable, finishedAt: new Date() });
      this.#log.log({ message: 'every value names the current data key; the former ones are destroyed', destroyed });
    }
  }
}
