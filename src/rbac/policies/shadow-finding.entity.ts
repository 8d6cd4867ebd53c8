import type { Permission } from '#libs/policy';
import { Entity, ForeignKey, Unique } from 'typeorm';
import { IdColumn, InstantColumn, NumberColumn, TextColumn } from '../../database/columns.js';
import { Policy } from './policy.entity.js';

/** What a draft would have denied that was allowed. */
@Entity('policy_shadow_findings')
@Unique('uq_policy_shadow_findings', ['policyId', 'version', 'userEmail', 'permission', 'resourceType', 'resourceId'])
export class ShadowFinding {
  @IdColumn() id: string;
  @TextColumn('policy_id', 36)
  @ForeignKey(() => Policy, { onDelete: 'CASCADE', onUpdate: 'NO ACTION', name: 'fk_policy_shadow_findings_policy' })
  policyId: string;
  @NumberColumn('version') version: number;
  @TextColumn('user_email', 191) userEmail: string;
  @TextColumn('permission', 64) permission: Permission;
  @TextColumn('resource_type', 32) resourceType: string;
  @TextColumn('resource_id', 64) resourceId: string;
  @NumberColumn('occurrences') occurrences: number;
  @InstantColumn('first_seen') firstSeen: Date;
  @InstantColumn('last_seen') lastSeen: Date;
}
