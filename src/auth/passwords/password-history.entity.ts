import { Entity, Index, JoinColumn, ManyToOne } from 'typeorm';
import { IdColumn, InstantColumn, LongTextColumn, TextColumn } from '../../database/columns.js';
import { User } from '../accounts/user.entity.js';

/** A password that an account had before. */
@Entity('password_history')
@Index('ix_password_history_user', ['userId', 'createdAt'])
export class FormerPassword {
  @IdColumn() id: string;
  @TextColumn('user_id', 36) userId: string;
  @ManyToOne(() => User, { onDelete: 'CASCADE', onUpdate: 'NO ACTION' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'fk_password_history_user' })
  readonly user?: User;
  /** Argon2id, PHC string. */
  @LongTextColumn('password_hash') passwordHash: string;
  /** When it was replaced. */
  @InstantColumn('created_at') createdAt: Date;
}
