import { Entity, Index, JoinColumn, ManyToOne, Unique } from 'typeorm';
import { FlagColumn, IdColumn, InstantColumn, TextColumn } from '../database/columns.js';
import { Team } from './team.entity.js';

@Entity('email_team_members')
@Unique('uq_email_team_members_team_user', ['teamId', 'userId'])
@Index('ix_email_team_members_user', ['userId'])
export class TeamMember {
  @IdColumn() id: string;
  @TextColumn('team_id', 36) teamId: string;
  @ManyToOne(() => Team, { onDelete: 'CASCADE', onUpdate: 'NO ACTION' })
  @JoinColumn({ name: 'team_id', foreignKeyConstraintName: 'fk_email_team_members_team' })
  readonly team?: Team;
  @TextColumn('user_id', 36) userId: string;
  /** `owner` or `member`. */
  @TextColumn('role', 16) role: TeamRole;
  @FlagColumn('is_active') isActive: boolean;
  @InstantColumn('joined_at') joinedAt: Date;
  /** `sso` where a group at an identity provider put the user in; null where somebody did. */
  @TextColumn('grant_source', 32, { nullable: true }) grantSource: 'sso' | null;
  /** The user who invited, added or approved; null for the founder. */
  @TextColumn('invited_by', 36, { nullable: true }) invitedBy: string | null;
}

export const TEAM_ROLES = ['owner', 'member'] as const;
export type TeamRole = (typeof TEAM_ROLES)[number];
