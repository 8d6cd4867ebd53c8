import { Entity, Unique } from 'typeorm';
import { IdColumn, InstantColumn, LongTextColumn, NumberColumn, TextColumn } from '../../database/columns.js';

/** A Cedar policy. Its texts are versions; one may be active, another a draft that runs in shadow. */
@Entity('policies')
@Unique('uq_policies_name', ['name'])
export class Policy {
  @IdColumn() id: string;
  @TextColumn('name', 191) name: string;
  @LongTextColumn('description', { nullable: true }) description: string | null;
  /** Null when it forbids nothing. */
  @NumberColumn('active_version', { nullable: true }) activeVersion: number | null;
  /** Null when none runs in shadow. */
  @NumberColumn('draft_version', { nullable: true }) draftVersion: number | null;
  /** From 1. */
  @NumberColumn('latest_version') latestVersion: number;
  /** E-mail. */
  @TextColumn('created_by', 255) createdBy: string;
  @InstantColumn('created_at') createdAt: Date;
  @TextColumn('modified_by', 255) modifiedBy: string;
  @InstantColumn('updated_at') updatedAt: Date;
  /** One more with each change. */
  @NumberColumn('revision', { default: 0 }) revision: number;
}
