import { Entity, Index, JoinColumn, ManyToOne } from 'typeorm';
import { UserSession } from '../../auth/sessions/user-session.entity.js';
import { IdColumn, SealedColumn, TextColumn } from '../../database/columns.js';

/** What a session has to know of the provider at which it began, so that both can be ended together. */
@Entity('sso_sessions')
@Index('ix_sso_sessions_subject', ['subjectKey'])
@Index('ix_sso_sessions_sid', ['sidKey'])
export class SsoSession {
  /** That of the session. */
  @IdColumn() id: string;
  @ManyToOne(() => UserSession, { onDelete: 'CASCADE', onUpdate: 'NO ACTION' })
  @JoinColumn({ name: 'id', foreignKeyConstraintName: 'fk_sso_sessions_session' })
  readonly session?: UserSession;
  @TextColumn('provider_id', 50) providerId: string;
  /** As `subjectKey` makes them, of `sub` and of `sid`. */
  @TextColumn('subject_key', 64) subjectKey: string;
  @TextColumn('sid_key', 64, { nullable: true }) sidKey: string | null;
  /** The hint of a logout at the provider; null where it knows none. */
  @SealedColumn('id_token', { nullable: true }) idToken: string | null;
}
