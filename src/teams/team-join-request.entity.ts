import { Entity, Index, JoinColumn, ManyToOne } from 'typeorm';
import { IdColumn, InstantColumn, TextColumn } from '../database/columns.js';
import { Team } from './team.entity.js';

@Entity('email_team_join_requests')
@Index('uq_email_team_join_requests_pending', ['teamId', 'pendingFor'], { unique: true })
@Index('ix_email_team_join_requests_user', ['userId', 'status'])
export class TeamJoinRequest {
  @IdColumn() id: string;
  @TextColumn('team_id', 36) teamId: string;
  @ManyToOne(() => Team, { onDelete: 'CASCADE', onUpdate: 'NO ACTION' })
  @JoinColumn({ name: 'team_id', foreignKeyConstraintName: 'fk_email_team_join_requests_team' })
  readonly team?: Team;
  @TextColumn('user_id', 36) userId: string;
  @TextColumn('message', 500, { nullable: true }) message: string | null;
  @TextColumn('status', 16) status: JoinRequestStatus;
  /** The user's id while the request is pending, null afterwards: so one at most is pending in a team. */
  @TextColumn('pending_for', 36, { nullable: true }) pendingFor: string | null;
  @InstantColumn('requested_at') requestedAt: Date;
  @InstantColumn('expires_at') expiresAt: Date;
  @InstantColumn('decided_at', { nullable: true }) decidedAt: Date | null;
  /** A user's id; null for a caller without an account. */
  @TextColumn('decided_by', 36, { nullable: true }) decidedBy: string | null;
}

/** `cancelled` by who asked, by the end of the team, or because it expired before another was made. */
export type JoinRequestStatus = 'pending' | 'approved' | 'rejected' | 'cancelled';
