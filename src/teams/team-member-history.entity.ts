import { Entity, Index, JoinColumn, ManyToOne } from 'typeorm';
import { IdColumn, InstantColumn, TextColumn } from '../database/columns.js';
import type { TeamRole } from './team-member.entity.js';
import { Team } from './team.entity.js';

/** What became of a membership; rows are only ever added. */
@Entity('email_team_member_history')
@Index('ix_email_team_member_history_team', ['teamId', 'changedAt'])
export class TeamMemberHistory {
  @IdColumn() id: string;
  @TextColumn('team_id', 36) teamId: string;
  @ManyToOne(() => Team, { onDelete: 'CASCADE', onUpdate: 'NO ACTION' })
  @JoinColumn({ name: 'team_id', foreignKeyConstraintName: 'fk_email_team_member_history_team' })
  readonly team?: Team;
  @TextColumn('user_id', 36) userId: string;
  @TextColumn('action', 16) action: MembershipAction;
  /** The role after the change; of one who left, the last. */
  @TextColumn('role', 16) role: TeamRole;
  /** A user's id; null for a caller without an account. */
  @TextColumn('changed_by', 36, { nullable: true }) changedBy: string | null;
  @InstantColumn('changed_at') changedAt: Date;
}

export type MembershipAction = 'added' | 'role_changed' | 'removed';
