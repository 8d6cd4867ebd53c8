import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';
import { column, nullable } from './table-columns.js';

const ENABLED = 'oauth_enabled';
const CONFIG = 'oauth_config';

/** Virtual servers that take access tokens of external issuers. */
export class OauthServers1764000000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Only PostgreSQL has such a word; the others would keep it as an expression, and differ from the entity.
    const off = runner.connection.options.type === 'postgres' ? 'false' : '0';
    await runner.addColumn('servers', new TableColumn(column(ENABLED, 'boolean', { default: off })));
    await runner.addColumn('servers', new TableColumn(column(CONFIG, 'text', nullable)));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumns('servers', [CONFIG, ENABLED]);
  }
}
