import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { KeyRotationRow } from './key-rotation.entity.js';

/** How long a replica that works at a rotation has it for itself without a word, milliseconds. */
const LEASE_MS = 60_000;

/**
 * The rotation under way, which one replica at a time works at. Clocks that differ by more than the lease let two do so, which
 * does no harm: each row is changed only as it was read.
 */
@Injectable()
export class KeyRotations {
  constructor(@InjectRepository(KeyRotationRow) private readonly rows: Repository<KeyRotationRow>) {}

  static begun(dataKeyId: string): KeyRotationRow {
    const none = { cleanAt: null, finishedAt: null, leaseHolder: null, leaseUntil: null };
    return { dataKeyId, startedAt: new Date(), resealed: 0, unreadable: 0, ...none };
  }

  of(dataKeyId: string): Promise<KeyRotationRow | null> {
    return this.rows.findOneBy({ dataKeyId });
  }

  /** False while another replica works at it. */
  async take(dataKeyId: string, holder: string): Promise<boolean> {
    const now = Date.now();
    const { affected } = await this.rows
      .createQueryBuilder()
      .update()
      .set({ leaseHolder: holder, leaseUntil: new Date(now + LEASE_MS) })
      .where('data_key_id = :dataKeyId AND finished_at IS NULL', { dataKeyId })
      .andWhere('(lease_until IS NULL OR lease_until < :now)', { now })
      .execute();
    return affected === 1;
  }

  /** Counts values that were sealed anew, and renews the lease; false when it was lost. */
  async progressed(dataKeyId: string, holder: string, resealed: number): Promise<boolean> {
    const leaseUntil = new Date(Date.now() + LEASE_MS);
    const { affected } = await this.rows
      .createQueryBuilder()
      .update()
      .set({ leaseUntil, resealed: () => `resealed + ${resealed}` })
      .where({ dataKeyId, leaseHolder: holder })
      .execute();
    return affected === 1;
  }

  async note(dataKeyId: string, holder: string, found: Partial<KeyRotationRow>): Promise<void> {
    await this.rows.update({ dataKeyId, leaseHolder: holder }, found);
  }

  async release(dataKeyId: string, holder: string): Promise<void> {
    await this.note(dataKeyId, holder, { leaseHolder: null, leaseUntil: null });
  }
}
