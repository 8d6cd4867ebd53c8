import { type MigrationInterface, type QueryRunner, Table, TableColumn } from 'typeorm';
import { column, key, nullable, reference, text } from './table-columns.js';

const providers = (): Table =>
  new Table({
    name: 'sso_providers',
    columns: [
      text('id', 50, key),
      text('kind', 16),
      text('display_name', 255),
      text('client_id', 255),
      column('client_secret', 'text', nullable),
      text('issuer', 255),
      text('authorization_url', 1024, nullable),
      text('token_url', 1024, nullable),
      text('userinfo_url', 1024, nullable),
      text('jwks_uri', 1024, nullable),
      text('scope', 512),
      column('options', 'text'),
      column('auto_create_users', 'boolean'),
      column('is_enabled', 'boolean'),
      column('from_settings', 'boolean'),
      column('created_at', 'bigint'),
      column('updated_at', 'bigint'),
    ],
  });

const authSessions = (): Table =>
  new Table({
    name: 'sso_auth_sessions',
    columns: [
      text('id', 36, key),
      text('provider_id', 50),
      text('state_hash', 64),
      text('browser_hash', 64),
      column('code_verifier', 'text'),
      text('nonce', 64),
      column('redirect_uri', 'text', nullable),
      text('link_user_id', 36, nullable),
      column('expires_at', 'bigint'),
    ],
    uniques: [{ name: 'uq_sso_auth_sessions_state', columnNames: ['state_hash'] }],
    indices: [{ name: 'ix_sso_auth_sessions_expires', columnNames: ['expires_at'] }],
  });

const sessions = (): Table =>
  new Table({
    name: 'sso_sessions',
    columns: [
      text('id', 36, key),
      text('provider_id', 50),
      text('subject_key', 64),
      text('sid_key', 64, nullable),
      column('id_token', 'text', nullable),
    ],
    indices: [
      { name: 'ix_sso_sessions_subject', columnNames: ['subject_key'] },
      { name: 'ix_sso_sessions_sid', columnNames: ['sid_key'] },
    ],
    foreignKeys: [reference('fk_sso_sessions_session', 'id', 'user_sessions')],
  });

const logoutTokens = (): Table =>
  new Table({
    name: 'sso_logout_tokens',
    columns: [text('id', 64, key), column('expires_at', 'bigint')],
    indices: [{ name: 'ix_sso_logout_tokens_expires', columnNames: ['expires_at'] }],
  });

const identities = (): Table =>
  new Table({
    name: 'federated_identities',
    columns: [
      text('id', 36, key),
      text('user_id', 36),
      text('provider_id', 50),
      text('issuer', 255),
      text('subject', 255),
      text('subject_key', 64),
      text('linked_by', 255, nullable),
      column('created_at', 'bigint'),
    ],
    uniques: [
      { name: 'uq_federated_identities_subject', columnNames: ['subject_key'] },
      { name: 'uq_federated_identities_user', columnNames: ['user_id'] },
    ],
    foreignKeys: [reference('fk_federated_identities_user', 'user_id', 'email_users')],
  });

const approvals = (): Table =>
  new Table({
    name: 'pending_user_approvals',
    columns: [
      text('id', 36, key),
      text('subject_key', 64),
      text('email', 191),
      text('full_name', 255, nullable),
      text('auth_provider', 50),
      text('status', 16),
      column('sso_metadata', 'text'),
      column('requested_at', 'bigint'),
      column('expires_at', 'bigint'),
      text('decided_by', 255, nullable),
      column('decided_at', 'bigint', nullable),
      text('reason', 500, nullable),
      text('notes', 500, nullable),
    ],
    uniques: [{ name: 'uq_pending_user_approvals_subject', columnNames: ['subject_key'] }],
    indices: [{ name: 'ix_pending_user_approvals_status', columnNames: ['status', 'requested_at'] }],
  });

const TABLES = [providers, authSessions, sessions, logoutTokens, identities, approvals];
const adminOrigin = (): TableColumn => new TableColumn(text('admin_origin', 16, nullable));
const grantSource = (): TableColumn => new TableColumn(text('grant_source', 32, nullable));

/** Identity providers, sign-ins at them, the identities bound to accounts, and what providers granted. */
export class SingleSignOn1764000000015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.createTable(table());
    await runner.addColumn('email_users', adminOrigin());
    await runner.addColumn('email_team_members', grantSource());
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('email_team_members', 'grant_source');
    await runner.dropColumn('email_users', 'admin_origin');
    for (const table of TABLES.toReversed()) await runner.dropTable(table());
  }
}
