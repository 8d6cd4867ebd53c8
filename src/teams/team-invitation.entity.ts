import { Entity, Index, JoinColumn, ManyToOne } from 'typeorm';
import { IdColumn, InstantColumn, TextColumn } from '../database/columns.js';
import type { TeamRole } from './team-member.entity.js';
import { Team } from './team.entity.js';

/** An open invitation was neither accepted nor cancelled and has not expired; it takes a seat of its team. */
@Entity('email_team_invitations')
@Index('uq_email_team_invitations_hash', ['tokenHash'], { unique: true })
@Index('ix_email_team_invitations_team', ['teamId', 'invitedAt'])
export class TeamInvitation {
  @IdColumn() id: string;
  @TextColumn('team_id', 36) teamId: string;
  @ManyToOne(() => Team, { onDelete: 'CASCADE', onUpdate: 'NO ACTION' })
  @JoinColumn({ name: 'team_id', foreignKeyConstraintName: 'fk_email_team_invitations_team' })
  readonly team?: Team;
  /** Lower-case; nobody else can accept. */
  @TextColumn('email', 191) email: string;
  @TextColumn('role', 16) role: TeamRole;
  /** SHA-256 of the token, hex; the token itself is never stored. */
  @TextColumn('token_hash', 64) tokenHash: string;
  /** A user's id. */
  @TextColumn('invited_by', 36) invitedBy: string;
  @InstantColumn('invited_at') invitedAt: Date;
  @InstantColumn('expires_at') expiresAt: Date;
  @InstantColumn('accepted_at', { nullable: true }) acceptedAt: Date | null;
  @InstantColumn('cancelled_at', { nullable: true }) cancelledAt: Date | null;
}
