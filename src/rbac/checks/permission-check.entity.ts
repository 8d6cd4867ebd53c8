import { Entity, Index } from 'typeorm';
import { FlagColumn, IdColumn, InstantColumn, JsonColumn, TextColumn } from '../../database/columns.js';

/** One decision, as it is written down. */
@Entity('permission_audit_log')
@Index('ix_permission_audit_log_time', ['timestamp'])
@Index('ix_permission_audit_log_user', ['userEmail', 'id'])
export class PermissionCheck {
  /** In the order of time. */
  @IdColumn() id: string;
  @InstantColumn('timestamp') timestamp: Date;
  @TextColumn('user_email', 255) userEmail: string;
  /** The `jti` of the credential. */
  @TextColumn('token_id', 64, { nullable: true }) tokenId: string | null;
  /** Text, because an older build may have known others. */
  @TextColumn('permission', 64) permission: string;
  /** What the permission is about, such as `tools`; null where no row was asked for. */
  @TextColumn('resource_type', 32, { nullable: true }) resourceType: string | null;
  @TextColumn('resource_id', 255, { nullable: true }) resourceId: string | null;
  @TextColumn('team_id', 36, { nullable: true }) teamId: string | null;
  @FlagColumn('granted') granted: boolean;
  @TextColumn('reason', 64) reason: string;
  /** Names of the roles that were looked at. */
  @JsonColumn('roles_checked') rolesChecked: string[];
  /** The policies that forbade it. */
  @JsonColumn('policies', { nullable: true }) policies: string[] | null;
  @TextColumn('ip_address', 64) ipAddress: string;
  @TextColumn('user_agent', 255) userAgent: string;
  @TextColumn('correlation_id', 64) correlationId: string;
}
