import { Entity, ForeignKey } from 'typeorm';
import { IdColumn, InstantColumn, LongTextColumn, NumberKeyColumn, TextColumn } from '../../database/columns.js';
import { Policy } from './policy.entity.js';

/** One text of a policy; it never changes. */
@Entity('policy_versions')
export class PolicyVersion {
  @IdColumn('policy_id')
  @ForeignKey(() => Policy, { onDelete: 'CASCADE', onUpdate: 'NO ACTION', name: 'fk_policy_versions_policy' })
  policyId: string;
  /** From 1. */
  @NumberKeyColumn('version')
  version: number;
  /** Cedar. */
  @LongTextColumn('text') text: string;
  @TextColumn('created_by', 255) createdBy: string;
  @InstantColumn('created_at') createdAt: Date;
}
