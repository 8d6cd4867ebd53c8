import { Entity, Unique } from 'typeorm';
import { IdColumn, InstantColumn, LongTextColumn, NumberColumn, TextColumn } from '../../database/columns.js';
import type { KeyBackendName } from '../backends/key-backend-names.js';

/** A key that rows are sealed with, wrapped. Its id is in every value that it sealed. */
@Entity('data_keys')
@Unique('uq_data_keys_generation', ['generation'])
export class DataKey {
  @IdColumn() id: string;
  /** 1, 2, 3 …; the highest seals. Being unique, it lets one of several replicas make the next key. */
  @NumberColumn('generation') generation: number;
  @TextColumn('backend', 32) backend: KeyBackendName;
  /** Of the key-encryption key. */
  @TextColumn('kek_id', 512) kekId: string;
  /** Null once it is destroyed. */
  @LongTextColumn('wrapped', { nullable: true }) wrapped: string | null;
  @InstantColumn('created_at') createdAt: Date;
  @InstantColumn('destroyed_at', { nullable: true }) destroyedAt: Date | null;
}
