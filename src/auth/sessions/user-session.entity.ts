import { Entity, Index, JoinColumn, ManyToOne } from 'typeorm';
import { IdColumn, InstantColumn, TextColumn } from '../../database/columns.js';
import { User } from '../accounts/user.entity.js';

/** One sign-in: the chain of session tokens that grew out of it by refreshing. */
@Entity('user_sessions')
@Index('ix_user_sessions_user', ['userId', 'startedAt'])
@Index('ix_user_sessions_expires', ['expiresAt'])
export class UserSession {
  /** The `sid` claim of its tokens. */
  @IdColumn() id: string;
  @TextColumn('user_id', 36) userId: string;
  @ManyToOne(() => User, { onDelete: 'CASCADE', onUpdate: 'NO ACTION' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'fk_user_sessions_user' })
  readonly user?: User;
  /** The only token that may be refreshed. */
  @TextColumn('current_jti', 64) currentJti: string;
  @TextColumn('auth_provider', 50) authProvider: string;
  @InstantColumn('started_at') startedAt: Date;
  @InstantColumn('last_used_at') lastUsedAt: Date;
  /** The absolute limit; refreshing does not move it. */
  @InstantColumn('expires_at') expiresAt: Date;
  @InstantColumn('ended_at', { nullable: true }) endedAt: Date | null;
  /** `logout`, `token_reuse`, `idle`, `password_changed`, `deactivated` … */
  @TextColumn('end_reason', 50, { nullable: true }) endReason: string | null;
  @TextColumn('ip_address', 64) ipAddress: string;
  @TextColumn('user_agent', 255) userAgent: string;
}
