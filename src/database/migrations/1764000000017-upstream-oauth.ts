import { type MigrationInterface, type QueryRunner, Table, TableColumn } from 'typeorm';
import { column, key, nullable, reference, text } from './table-columns.js';

const CONFIG = 'oauth_config';

const tokens = (): Table =>
  new Table({
    name: 'oauth_tokens',
    columns: [
      text('id', 36, key),
      text('gateway_id', 36),
      text('user_id', 36),
      text('issuer', 191),
      text('upstream_url', 2048),
      text('resource', 2048, nullable),
      text('token_url', 2048),
      text('client_id', 2048),
      column('scopes', 'text'),
      column('access_token', 'text'),
      column('refresh_token', 'text', nullable),
      column('expires_at', 'bigint', nullable),
      text('state', 16),
      column('step_ups', 'bigint'),
      column('version', 'bigint'),
      column('refreshing_until', 'bigint', nullable),
      column('created_at', 'bigint'),
      column('updated_at', 'bigint'),
    ],
    uniques: [{ name: 'uq_oauth_tokens', columnNames: ['gateway_id', 'user_id', 'issuer'] }],
    indices: [{ name: 'ix_oauth_tokens_user', columnNames: ['user_id'] }],
    foreignKeys: [
      reference('fk_oauth_tokens_gateway', 'gateway_id', 'gateways'),
      reference('fk_oauth_tokens_user', 'user_id', 'email_users'),
    ],
  });

const states = (): Table =>
  new Table({
    name: 'oauth_states',
    columns: [
      text('id', 64, key),
      text('gateway_id', 36),
      text('user_id', 36),
      column('content', 'text'),
      column('expires_at', 'bigint'),
    ],
    indices: [
      { name: 'ix_oauth_states_expires', columnNames: ['expires_at'] },
      { name: 'ix_oauth_states_gateway', columnNames: ['gateway_id'] },
      { name: 'ix_oauth_states_user', columnNames: ['user_id'] },
    ],
    foreignKeys: [
      reference('fk_oauth_states_gateway', 'gateway_id', 'gateways'),
      reference('fk_oauth_states_user', 'user_id', 'email_users'),
    ],
  });

const clients = (): Table =>
  new Table({
    name: 'registered_oauth_clients',
    columns: [
      text('id', 36, key),
      text('gateway_id', 36),
      text('issuer', 191),
      text('client_id', 1024),
      column('client_secret', 'text', nullable),
      text('auth_method', 32),
      column('registration_access_token', 'text', nullable),
      text('registration_url', 2048, nullable),
      text('redirect_uri', 2048),
      column('expires_at', 'bigint', nullable),
      column('created_at', 'bigint'),
    ],
    uniques: [{ name: 'uq_registered_oauth_clients', columnNames: ['gateway_id', 'issuer'] }],
    foreignKeys: [reference('fk_registered_oauth_clients_gateway', 'gateway_id', 'gateways')],
  });

/** The gateway as OAuth client of its upstreams. */
export class UpstreamOauth1764000000017 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('gateways', new TableColumn(column(CONFIG, 'text', nullable)));
    for (const table of [tokens(), states(), clients()]) await runner.createTable(table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [clients(), states(), tokens()]) await runner.dropTable(table);
    await runner.dropColumn('gateways', CONFIG);
  }
}
