import { Entity, Unique } from 'typeorm';
import { FlagColumn, IdColumn, InstantColumn, LongTextColumn, TextColumn } from '../database/columns.js';

@Entity('email_teams')
@Unique('uq_email_teams_slug', ['slug'])
export class Team {
  @IdColumn() id: string;
  @TextColumn('name', 191) name: string;
  @TextColumn('slug', 191) slug: string;
  @LongTextColumn('description', { nullable: true }) description: string | null;
  /** A user's id. */
  @TextColumn('created_by', 36) createdBy: string;
  @FlagColumn('is_personal') isPersonal: boolean;
  /** `private` or `public`. */
  @TextColumn('visibility', 16) visibility: string;
  @FlagColumn('is_active') isActive: boolean;
  @InstantColumn('created_at') createdAt: Date;
  @InstantColumn('updated_at') updatedAt: Date;
}
