import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { column, key, nullable, reference, text } from './table-columns.js';

const events = (): Table =>
  new Table({
    name: 'plugin_events',
    columns: [
      text('id', 36, key),
      column('timestamp', 'bigint'),
      text('correlation_id', 64),
      text('user_email', 191),
      text('team_id', 36, nullable),
      text('server_id', 36, nullable),
      text('plugin_name', 128),
      text('plugin_kind', 64),
      text('hook', 32),
      text('outcome', 16),
      text('code', 64, nullable),
      text('target', 255, nullable),
      text('target_id', 36, nullable),
      column('latency_us', 'bigint'),
      column('details', 'text', nullable),
      text('error', 255, nullable),
    ],
    indices: [
      { name: 'ix_plugin_events_plugin', columnNames: ['plugin_name', 'id'] },
      { name: 'ix_plugin_events_user', columnNames: ['user_email', 'id'] },
    ],
  });

const bindings = (): Table =>
  new Table({
    name: 'tool_plugin_bindings',
    columns: [
      text('id', 36, key),
      text('team_id', 36),
      text('tool_name', 255),
      text('plugin_id', 64),
      text('mode', 32),
      column('priority', 'bigint'),
      column('config', 'text'),
      text('on_error', 16, nullable),
      text('binding_reference_id', 255, nullable),
      text('created_by', 255),
      column('created_at', 'bigint'),
      column('updated_at', 'bigint'),
    ],
    uniques: [{ name: 'uq_tool_plugin_bindings', columnNames: ['team_id', 'tool_name', 'plugin_id'] }],
    foreignKeys: [reference('fk_tool_plugin_bindings_team', 'team_id', 'email_teams')],
  });

/** What plugins did, and which of them run for the tools of a team. */
export class Plugins1764000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(events());
    await runner.createTable(bindings());
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(bindings());
    await runner.dropTable(events());
  }
}
