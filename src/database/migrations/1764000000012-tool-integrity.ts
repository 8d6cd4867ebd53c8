import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { column, key, nullable, reference, text } from './table-columns.js';

const integrity = (): Table =>
  new Table({
    name: 'tool_integrity',
    columns: [
      text('id', 36, key),
      text('gateway_id', 36),
      text('upstream_key', 64),
      text('tool_id', 36, nullable),
      text('name', 255),
      text('state', 16),
      text('approved_hash', 64, nullable),
      column('approved_definition', 'text', nullable),
      text('current_hash', 64),
      column('current_definition', 'text'),
      column('flags', 'text'),
      text('decided_by', 255, nullable),
      column('decided_at', 'bigint', nullable),
      column('first_seen_at', 'bigint'),
      column('changed_at', 'bigint'),
    ],
    uniques: [{ name: 'uq_tool_integrity', columnNames: ['gateway_id', 'upstream_key'] }],
    indices: [{ name: 'ix_tool_integrity_tool', columnNames: ['tool_id'] }],
    foreignKeys: [reference('fk_tool_integrity_gateway', 'gateway_id', 'gateways')],
  });

/** What was approved of the tools of upstreams, and what they are now. */
export class ToolIntegrity1764000000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(integrity());
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(integrity());
  }
}
