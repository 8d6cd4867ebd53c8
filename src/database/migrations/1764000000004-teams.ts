import {
  type MigrationInterface,
  type QueryRunner,
  Table,
  TableColumn,
  type TableColumnOptions,
  TableIndex,
  type TableOptions,
} from 'typeorm';
import { column, key, nullable, reference, text } from './table-columns.js';

const ofTeam = (options: TableOptions): Table =>
  new Table({
    ...options,
    foreignKeys: [reference(`fk_${options.name}_team`, 'team_id', 'email_teams')],
  });

const invitations = (): Table =>
  ofTeam({
    name: 'email_team_invitations',
    columns: [
      text('id', 36, key),
      text('team_id', 36),
      text('email', 191),
      text('role', 16),
      text('token_hash', 64),
      text('invited_by', 36),
      column('invited_at', 'bigint'),
      column('expires_at', 'bigint'),
      column('accepted_at', 'bigint', nullable),
      column('cancelled_at', 'bigint', nullable),
    ],
    indices: [
      { name: 'uq_email_team_invitations_hash', columnNames: ['token_hash'], isUnique: true },
      { name: 'ix_email_team_invitations_team', columnNames: ['team_id', 'invited_at'] },
    ],
  });

const joinRequests = (): Table =>
  ofTeam({
    name: 'email_team_join_requests',
    columns: [
      text('id', 36, key),
      text('team_id', 36),
      text('user_id', 36),
      text('message', 500, nullable),
      text('status', 16),
      text('pending_for', 36, nullable),
      column('requested_at', 'bigint'),
      column('expires_at', 'bigint'),
      column('decided_at', 'bigint', nullable),
      text('decided_by', 36, nullable),
    ],
    indices: [
      { name: 'uq_email_team_join_requests_pending', columnNames: ['team_id', 'pending_for'], isUnique: true },
      { name: 'ix_email_team_join_requests_user', columnNames: ['user_id', 'status'] },
    ],
  });

const history = (): Table =>
  ofTeam({
    name: 'email_team_member_history',
    columns: [
      text('id', 36, key),
      text('team_id', 36),
      text('user_id', 36),
      text('action', 16),
      text('role', 16),
      text('changed_by', 36, nullable),
      column('changed_at', 'bigint'),
    ],
    indices: [{ name: 'ix_email_team_member_history_team', columnNames: ['team_id', 'changed_at'] }],
  });

const userLocks = (): Table =>
  new Table({
    name: 'email_team_user_locks',
    columns: [text('user_id', 36, key), column('revision', 'bigint', { default: 0 })],
  });

const TABLES = [invitations, joinRequests, history, userLocks];
const TEAM_COLUMNS = [
  text('personal_of', 36, nullable),
  column('max_members', 'bigint', nullable),
  column('revision', 'bigint', { default: 0 }),
];
const MEMBER_COLUMNS = [text('invited_by', 36, nullable)];
const PERSONAL_INDEX = new TableIndex({
  name: 'uq_email_teams_personal_of',
  columnNames: ['personal_of'],
  isUnique: true,
});

/** Quotas, personal teams, invitations, requests to join, and the history of memberships. */
export class Teams1764000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const added = (columns: readonly TableColumnOptions[]) => columns.map((options) => new TableColumn(options));
    await runner.addColumns('email_teams', added(TEAM_COLUMNS));
    await runner.addColumns('email_team_members', added(MEMBER_COLUMNS));
    await runner.createIndex('email_teams', PERSONAL_INDEX);
    for (const table of TABLES) await runner.createTable(table());
  }

  async down(runner: QueryRunner): Promise<void> {
    const names = (columns: readonly TableColumnOptions[]) => columns.map(({ name }) => name);
    for (const table of TABLES.toReversed()) await runner.dropTable(table());
    await runner.dropIndex('email_teams', PERSONAL_INDEX);
    await runner.dropColumns('email_team_members', names(MEMBER_COLUMNS));
    await runner.dropColumns('email_teams', names(TEAM_COLUMNS));
  }
}
