import { Entity, Index, Unique } from 'typeorm';
import { FlagColumn, IdColumn, InstantColumn, LongTextColumn, NumberColumn, TextColumn } from '../database/columns.js';

@Entity('email_teams')
@Unique('uq_email_teams_slug', ['slug'])
@Index('uq_email_teams_personal_of', ['personalOf'], { unique: true })
export class Team {
  @IdColumn() id: string;
  @TextColumn('name', 255) name: string;
  @TextColumn('slug', 191) slug: string;
  @LongTextColumn('description', { nullable: true }) description: string | null;
  /** A user's id. */
  @TextColumn('created_by', 36) createdBy: string;
  @FlagColumn('is_personal') isPersonal: boolean;
  /** The user whose personal team this is, which is one at most; null for all other teams. */
  @TextColumn('personal_of', 36, { nullable: true }) personalOf: string | null;
  /** `private` or `public`. */
  @TextColumn('visibility', 16) visibility: string;
  /** Members and open invitations together; null means MAX_MEMBERS_PER_TEAM. */
  @NumberColumn('max_members', { nullable: true }) maxMembers: number | null;
  /** False once it is deleted; the row stays for its history. */
  @FlagColumn('is_active') isActive: boolean;
  /** Raised first by every change of the team, which locks the row: such changes happen one after the other. */
  @NumberColumn('revision', { default: 0 }) revision: number;
  @InstantColumn('created_at') createdAt: Date;
  @InstantColumn('updated_at') updatedAt: Date;
}

export const TEAM_VISIBILITIES = ['private', 'public'] as const;
export type TeamVisibility = (typeof TEAM_VISIBILITIES)[number];
