import { Entity, Index } from 'typeorm';
import { IdColumn, InstantColumn, JsonColumn, TextColumn } from '../../database/columns.js';

/** The members of something that an act changed. */
export type Values = Readonly<Record<string, unknown>>;

/** One act of management: who changed what. */
@Entity('audit_trails')
@Index('ix_audit_trails_resource', ['resourceId', 'id'])
@Index('ix_audit_trails_user', ['userEmail', 'id'])
export class AuditTrailRow {
  /** In the order of time. */
  @IdColumn() id: string;
  @InstantColumn('timestamp') timestamp: Date;
  @TextColumn('action', 32) action: string;
  @TextColumn('resource_type', 32) resourceType: string;
  @TextColumn('resource_id', 64) resourceId: string;
  @TextColumn('resource_name', 255) resourceName: string;
  @TextColumn('team_id', 36, { nullable: true }) teamId: string | null;
  /** Null for a caller without an account in the database. */
  @TextColumn('user_id', 36, { nullable: true }) userId: string | null;
  @TextColumn('user_email', 191) userEmail: string;
  /** The `jti` of the credential. */
  @TextColumn('token_id', 64, { nullable: true }) tokenId: string | null;
  @TextColumn('ip_address', 64) ipAddress: string;
  @TextColumn('user_agent', 255) userAgent: string;
  @TextColumn('correlation_id', 64) correlationId: string;
  /** Null for what was made. */
  @JsonColumn('old_values', { nullable: true }) oldValues: Values | null;
  /** Null for what was taken away. */
  @JsonColumn('new_values', { nullable: true }) newValues: Values | null;
}
