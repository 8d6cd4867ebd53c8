import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';
import { text } from './table-columns.js';

const SEARCH = 'tool_search';

/** Virtual servers that offer search instead of everything. */
export class ToolSearch1764000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('servers', new TableColumn(text(SEARCH, 16, { default: "'off'" })));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('servers', SEARCH);
  }
}
