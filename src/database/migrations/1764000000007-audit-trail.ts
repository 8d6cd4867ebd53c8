import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { column, key, nullable, text } from './table-columns.js';

const trails = (): Table =>
  new Table({
    name: 'audit_trails',
    columns: [
      text('id', 36, key),
      column('timestamp', 'bigint'),
      text('action', 32),
      text('resource_type', 32),
      text('resource_id', 64),
      text('resource_name', 255),
      text('team_id', 36, nullable),
      text('user_id', 36, nullable),
      text('user_email', 191),
      text('token_id', 64, nullable),
      text('ip_address', 64),
      text('user_agent', 255),
      text('correlation_id', 64),
      column('old_values', 'text', nullable),
      column('new_values', 'text', nullable),
    ],
    indices: [
      { name: 'ix_audit_trails_resource', columnNames: ['resource_id', 'id'] },
      { name: 'ix_audit_trails_user', columnNames: ['user_email', 'id'] },
    ],
  });

/** Who changed what. */
export class AuditTrail1764000000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(trails());
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(trails());
  }
}
