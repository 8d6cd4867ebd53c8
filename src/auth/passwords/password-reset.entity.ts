import { Entity, Index, JoinColumn, ManyToOne, Unique } from 'typeorm';
import { IdColumn, InstantColumn, TextColumn } from '../../database/columns.js';
import { User } from '../accounts/user.entity.js';

/** A way to a new password that was sent by e-mail: one use, short life. */
@Entity('password_reset_tokens')
@Unique('uq_password_reset_tokens_hash', ['tokenHash'])
@Index('ix_password_reset_tokens_user', ['userId', 'createdAt'])
export class PasswordReset {
  @IdColumn() id: string;
  @TextColumn('user_id', 36) userId: string;
  @ManyToOne(() => User, { onDelete: 'CASCADE', onUpdate: 'NO ACTION' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'fk_password_reset_tokens_user' })
  readonly user?: User;
  /** SHA-256, hex; the token itself is only in the e-mail. */
  @TextColumn('token_hash', 64) tokenHash: string;
  @InstantColumn('created_at') createdAt: Date;
  @InstantColumn('expires_at') expiresAt: Date;
  @InstantColumn('used_at', { nullable: true }) usedAt: Date | null;
  @TextColumn('ip_address', 64) ipAddress: string;
}
