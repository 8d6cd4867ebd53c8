import { Entity } from 'typeorm';
import { IdColumn, InstantColumn, JsonColumn, TextColumn } from '../../database/columns.js';

/** A value that administrators change while the gateway runs. */
@Entity('global_config')
export class GlobalConfig {
  @IdColumn('name', 64) name: string;
  @JsonColumn('value') value: unknown;
  /** E-mail. */
  @TextColumn('updated_by', 255, { nullable: true }) updatedBy: string | null;
  @InstantColumn('updated_at') updatedAt: Date;
}
