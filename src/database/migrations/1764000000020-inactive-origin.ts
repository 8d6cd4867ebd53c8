import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';
import { nullable, text } from './table-columns.js';

const COLUMN = 'inactive_origin';

/** Who switched an account off: its identity provider, or somebody here. */
export class InactiveOrigin1764000000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('email_users', new TableColumn(text(COLUMN, 16, nullable)));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('email_users', COLUMN);
  }
}
