import { type MigrationInterface, type QueryRunner, Table, TableColumn, TableIndex } from 'typeorm';
import { column, key, nullable, reference, text } from './table-columns.js';

const ofUser = (table: string) => [reference(`fk_${table}_user`, 'user_id', 'email_users')];

const sessions = (): Table =>
  new Table({
    name: 'user_sessions',
    columns: [
      text('id', 36, key),
      text('user_id', 36),
      text('current_jti', 64),
      text('auth_provider', 50),
      column('started_at', 'bigint'),
      column('last_used_at', 'bigint'),
      column('expires_at', 'bigint'),
      column('ended_at', 'bigint', nullable),
      text('end_reason', 50, nullable),
      text('ip_address', 64),
      text('user_agent', 255),
    ],
    indices: [
      { name: 'ix_user_sessions_user', columnNames: ['user_id', 'started_at'] },
      { name: 'ix_user_sessions_expires', columnNames: ['expires_at'] },
    ],
    foreignKeys: ofUser('user_sessions'),
  });

const passwordHistory = (): Table =>
  new Table({
    name: 'password_history',
    columns: [
      text('id', 36, key),
      text('user_id', 36),
      column('password_hash', 'text'),
      column('created_at', 'bigint'),
    ],
    indices: [{ name: 'ix_password_history_user', columnNames: ['user_id', 'created_at'] }],
    foreignKeys: ofUser('password_history'),
  });

const passwordResets = (): Table =>
  new Table({
    name: 'password_reset_tokens',
    columns: [
      text('id', 36, key),
      text('user_id', 36),
      text('token_hash', 64),
      column('created_at', 'bigint'),
      column('expires_at', 'bigint'),
      column('used_at', 'bigint', nullable),
      text('ip_address', 64),
    ],
    uniques: [{ name: 'uq_password_reset_tokens_hash', columnNames: ['token_hash'] }],
    indices: [{ name: 'ix_password_reset_tokens_user', columnNames: ['user_id', 'created_at'] }],
    foreignKeys: ofUser('password_reset_tokens'),
  });

const authEvents = (): Table =>
  new Table({
    name: 'email_auth_events',
    columns: [
      text('id', 36, key),
      column('timestamp', 'bigint'),
      text('user_email', 191),
      text('event_type', 50),
      column('success', 'boolean'),
      text('ip_address', 64),
      text('user_agent', 255),
      text('failure_reason', 100, nullable),
      column('details', 'text', nullable),
    ],
    indices: [
      { name: 'ix_email_auth_events_user', columnNames: ['user_email', 'id'] },
      { name: 'ix_email_auth_events_time', columnNames: ['timestamp'] },
    ],
  });

const teams = (): Table =>
  new Table({
    name: 'email_teams',
    columns: [
      text('id', 36, key),
      text('name', 255),
      text('slug', 191),
      column('description', 'text', nullable),
      text('created_by', 36),
      column('is_personal', 'boolean'),
      text('visibility', 16),
      column('is_active', 'boolean'),
      column('created_at', 'bigint'),
      column('updated_at', 'bigint'),
    ],
    uniques: [{ name: 'uq_email_teams_slug', columnNames: ['slug'] }],
  });

const members = (): Table =>
  new Table({
    name: 'email_team_members',
    columns: [
      text('id', 36, key),
      text('team_id', 36),
      text('user_id', 36),
      text('role', 16),
      column('is_active', 'boolean'),
      column('joined_at', 'bigint'),
    ],
    uniques: [{ name: 'uq_email_team_members_team_user', columnNames: ['team_id', 'user_id'] }],
    indices: [{ name: 'ix_email_team_members_user', columnNames: ['user_id'] }],
    foreignKeys: [reference('fk_email_team_members_team', 'team_id', 'email_teams')],
  });

const TABLES = [sessions, passwordHistory, passwordResets, authEvents, teams, members];
const USER_COLUMNS = [column('password_changed_at', 'bigint', nullable)];
const TOKEN_COLUMNS = [
  text('created_by', 191, nullable),
  column('usage_limits', 'text', nullable),
  column('max_uses', 'bigint', nullable),
  column('uses', 'bigint', { default: 0 }),
  column('last_used', 'bigint', nullable),
];
const TEAM_INDEX = new TableIndex({ name: 'ix_email_api_tokens_team', columnNames: ['team_id'] });

/** Sessions, password rules, auth events, teams as identity needs them, quotas of tokens. */
export class Authentication1764000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.createTable(table());
    await runner.addColumns(
      'email_users',
      USER_COLUMNS.map((options) => new TableColumn(options)),
    );
    await runner.addColumns(
      'email_api_tokens',
      TOKEN_COLUMNS.map((options) => new TableColumn(options)),
    );
    await resizeName(runner, 191);
    await runner.createIndex('email_api_tokens', TEAM_INDEX);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('email_api_tokens', TEAM_INDEX);
    await resizeName(runner, 100);
    await runner.dropColumns(
      'email_api_tokens',
      TOKEN_COLUMNS.map(({ name }) => name),
    );
    await runner.dropColumns(
      'email_users',
      USER_COLUMNS.map(({ name }) => name),
    );
    for (const table of TABLES.toReversed()) await runner.dropTable(table());
  }
}

/** TypeORM's own changeColumn drops the column and its data on the servers; on SQLite it copies the table. */
async function resizeName(runner: QueryRunner, length: number): Promise<void> {
  const { type } = runner.connection.options;
  if (type === 'postgres') {
    await runner.query(`ALTER TABLE email_api_tokens ALTER COLUMN name TYPE varchar(${length})`);
  } else if (type === 'mysql' || type === 'mariadb') {
    await runner.query(`ALTER TABLE email_api_tokens MODIFY name varchar(${length}) NOT NULL`);
  } else {
    await runner.changeColumn('email_api_tokens', 'name', new TableColumn(text('name', length)));
  }
}
