import { Entity } from 'typeorm';
import { IdColumn, InstantColumn, NumberColumn, TextColumn } from '../../database/columns.js';

/** How far the rows are sealed anew with a data key. */
@Entity('key_rotations')
export class KeyRotationRow {
  @IdColumn('data_key_id') dataKeyId: string;
  @InstantColumn('started_at') startedAt: Date;
  @NumberColumn('resealed') resealed: number;
  /** Rows that could not be opened at the last pass. */
  @NumberColumn('unreadable') unreadable: number;
  /** Since when no row names another key that is held; null while some do. */
  @InstantColumn('clean_at', { nullable: true }) cleanAt: Date | null;
  /** When the last former key was destroyed. */
  @InstantColumn('finished_at', { nullable: true }) finishedAt: Date | null;
  @TextColumn('lease_holder', 36, { nullable: true }) leaseHolder: string | null;
  @InstantColumn('lease_until', { nullable: true }) leaseUntil: Date | null;
}
