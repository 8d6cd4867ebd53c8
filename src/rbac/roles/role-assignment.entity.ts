import type { GrantSource, RoleScope } from '#libs/policy';
import { Entity, ForeignKey, Index, Unique } from 'typeorm';
import { IdColumn, InstantColumn, TextColumn } from '../../database/columns.js';
import { Role } from './role.entity.js';

/** A role that somebody was given. What the settings and memberships give has no row. */
@Entity('user_roles')
@Unique('uq_user_roles', ['userId', 'roleId', 'scope', 'scopeId'])
@Index('ix_user_roles_role', ['roleId'])
@Index('ix_user_roles_scope', ['scopeId'])
export class RoleAssignment {
  @IdColumn() id: string;
  @TextColumn('user_id', 36)
  @ForeignKey('User', { onDelete: 'CASCADE', onUpdate: 'NO ACTION', name: 'fk_user_roles_user' })
  userId: string;
  @TextColumn('role_id', 36)
  @ForeignKey(() => Role, { onDelete: 'CASCADE', onUpdate: 'NO ACTION', name: 'fk_user_roles_role' })
  roleId: string;
  @TextColumn('scope', 16) scope: RoleScope;
  /** The team; empty unless the scope is `team`. It counts as long as the user stays in the team, and not after a return. */
  @TextColumn('scope_id', 36) scopeId: string;
  /** E-mail; null for the file of roles. */
  @TextColumn('granted_by', 255, { nullable: true }) grantedBy: string | null;
  @InstantColumn('granted_at') grantedAt: Date;
  /** Null when it does not end. */
  @InstantColumn('expires_at', { nullable: true }) expiresAt: Date | null;
  @TextColumn('grant_source', 32) source: GrantSource;
}
