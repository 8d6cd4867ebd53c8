import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { databaseNow } from '../../database/database-now.js';
import { KeyRotationRow } from './key-rotation.entity.js';

/** How long a replica that works at a rotation has it for itself without a word, milliseconds. */
const LEASE_MS = 60_000;

/** The rotation under way, which one replica at a time works at. What is due is told by the clock of the database. */
@Injectable()
export class KeyRotations {
  readonly #now: string;

  constructor(@InjectRepository(KeyRotationRow) private readonly rows: Repository<KeyRotationRow>) {
    this.#now = databaseNow(rows.manager.connection);
  }

  static begun(dataKeyId: string): KeyRotationRow {
    const none = { cleanAt: null, finishedAt: null, leaseHolder: null, leaseUntil: null };
    return { dataKeyId, startedAt: new Date(), resealed: 0, unreadable: 0, ...none };
  }

  of(dataKeyId: string): Promise<KeyRotationRow | null> {
    return this.rows.findOneBy({ dataKeyId });
  }

  /** False while another replica works at it. */
  async take(dataKeyId: string, holder: string): Promise<boolean> {
    const { affected } = await this.rows
      .createQueryBuilder()
      .update()
      .set({ leaseHolder: holder, leaseUntil: () => `${this.#now} + ${LEASE_MS}` })
      .where('data_key_id = :dataKeyId AND finished_at IS NULL', { dataKeyId })
      .andWhere(`(lease_until IS NULL OR lease_until < ${this.#now})`)
      .execute();
    return affected === 1;
  }

  /** Counts values that were sealed anew, and renews the lease; false when it was lost. */
  async progressed(dataKeyId: string, holder: string, resealed: number): Promise<boolean> {
    const { affected } = await this.rows
      .createQueryBuilder()
      .update()
      .set({ leaseUntil: () => `${this.#now} + ${LEASE_MS}`, resealed: () => `resealed + ${resealed}` })
      .where({ dataKeyId, leaseHolder: holder })
      .execute();
    return affected === 1;
  }

  /** From now on nothing names a former key. */
  async noteClean(dataKeyId: string, holder: string): Promise<void> {
    const set = { unreadable: 0, cleanAt: () => this.#now };
    await this.rows.createQueryBuilder().update().set(set).where({ dataKeyId, leaseHolder: holder }).execute();
  }

  /** Whether nothing has named a former key for so many seconds. */
  cleanFor(dataKeyId: string, seconds: number): Promise<boolean> {
    const clean = this.rows.createQueryBuilder('rotation').where({ dataKeyId });
    return clean.andWhere(`rotation.clean_at <= ${this.#now} - ${seconds * 1000}`).getExists();
  }

  async note(dataKeyId: string, holder: string, found: Partial<KeyRotationRow>): Promise<void> {
    await this.rows.update({ dataKeyId, leaseHolder: holder }, found);
  }

  async release(dataKeyId: string, holder: string): Promise<void> {
    await this.note(dataKeyId, holder, { leaseHolder: null, leaseUntil: null });
  }
}
