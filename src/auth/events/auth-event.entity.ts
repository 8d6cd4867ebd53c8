import { Entity, Index } from 'typeorm';
import { FlagColumn, IdColumn, InstantColumn, JsonColumn, TextColumn } from '../../database/columns.js';

/** Something that happened to an account: a login, a change, a lock. Never changed. */
@Entity('email_auth_events')
@Index('ix_email_auth_events_user', ['userEmail', 'id'])
@Index('ix_email_auth_events_time', ['timestamp'])
export class AuthEvent {
  /** Ordered by time, as arrivalId makes them. */
  @IdColumn() id: string;
  @InstantColumn('timestamp') timestamp: Date;
  /** As it was given, lower-case, cut to its length; there need not be such an account. */
  @TextColumn('user_email', 191) userEmail: string;
  @TextColumn('event_type', 50) eventType: string;
  @FlagColumn('success') success: boolean;
  @TextColumn('ip_address', 64) ipAddress: string;
  @TextColumn('user_agent', 255) userAgent: string;
  @TextColumn('failure_reason', 100, { nullable: true }) failureReason: string | null;
  @JsonColumn('details', { nullable: true }) details: object | null;
}
