import { Entity } from 'typeorm';
import { IdColumn, NumberColumn } from '../database/columns.js';

/** One row a user, locked by whoever adds a membership of that user: so that MAX_TEAMS_PER_USER is exact. */
@Entity('email_team_user_locks')
export class TeamUserLock {
  @IdColumn('user_id') userId: string;
  @NumberColumn('revision', { default: 0 }) revision: number;
}
