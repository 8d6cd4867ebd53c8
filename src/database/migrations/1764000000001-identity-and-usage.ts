import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { column, key, nullable, text } from './table-columns.js';

const users = (): Table =>
  new Table({
    name: 'email_users',
    columns: [
      text('id', 36, key),
      text('email', 191),
      column('password_hash', 'text'),
      text('full_name', 255, nullable),
      column('is_admin', 'boolean'),
      column('is_active', 'boolean'),
      text('auth_provider', 50),
      column('email_verified', 'boolean'),
      column('password_change_required', 'boolean'),
      column('failed_login_attempts', 'bigint'),
      column('locked_until', 'bigint', nullable),
      column('last_login', 'bigint', nullable),
      column('created_at', 'bigint'),
      column('updated_at', 'bigint'),
    ],
    uniques: [{ name: 'uq_email_users_email', columnNames: ['email'] }],
  });

const revocations = (): Table =>
  new Table({
    name: 'token_revocations',
    columns: [
      text('jti', 64, key),
      column('revoked_at', 'bigint'),
      text('revoked_by', 255),
      text('reason', 255, nullable),
      column('token_expiry', 'bigint', nullable),
    ],
  });

const apiTokens = (): Table =>
  new Table({
    name: 'email_api_tokens',
    columns: [
      text('id', 36, key),
      text('user_id', 36),
      text('name', 100),
      text('jti', 64),
      text('token_hash', 64),
      text('team_id', 36, nullable),
      text('server_id', 36, nullable),
      column('resource_scopes', 'text'),
      column('ip_restrictions', 'text'),
      column('time_restrictions', 'text'),
      column('description', 'text', nullable),
      column('tags', 'text'),
      column('created_at', 'bigint'),
      column('expires_at', 'bigint', nullable),
      column('is_active', 'boolean'),
    ],
    uniques: [
      { name: 'uq_email_api_tokens_user_name', columnNames: ['user_id', 'name'] },
      { name: 'uq_email_api_tokens_jti', columnNames: ['jti'] },
    ],
    indices: [{ name: 'ix_email_api_tokens_created', columnNames: ['created_at'] }],
    foreignKeys: [
      {
        name: 'fk_email_api_tokens_user',
        columnNames: ['user_id'],
        referencedTableName: 'email_users',
        referencedColumnNames: ['id'],
        onDelete: 'CASCADE',
        onUpdate: 'NO ACTION',
      },
    ],
  });

const usage = (): Table =>
  new Table({
    name: 'token_usage_logs',
    columns: [
      text('id', 36, key),
      column('timestamp', 'bigint'),
      text('correlation_id', 64),
      text('user_email', 191),
      text('token_jti', 64, nullable),
      text('method', 10),
      text('endpoint', 255),
      text('mcp_method', 128, nullable),
      text('target', 255, nullable),
      text('server_id', 36, nullable),
      text('gateway_id', 36, nullable),
      text('ip_address', 64),
      text('user_agent', 255),
      column('status_code', 'bigint'),
      text('outcome', 16),
      column('blocked', 'boolean'),
      text('block_reason', 100, nullable),
      column('response_time_us', 'bigint'),
      column('bytes_in', 'bigint'),
      column('bytes_out', 'bigint'),
    ],
    indices: [
      { name: 'ix_token_usage_logs_jti', columnNames: ['token_jti', 'id'] },
      { name: 'ix_token_usage_logs_user', columnNames: ['user_email', 'id'] },
    ],
  });

/** Users, their tokens, and what was done with them. */
export class IdentityAndUsage1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of [users(), revocations(), apiTokens(), usage()]) await runner.createTable(table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of ['token_usage_logs', 'email_api_tokens', 'token_revocations', 'email_users'])
      await runner.dropTable(name);
  }
}
