import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';
import { column, nullable } from './table-columns.js';

const TRUST = [column('tls', 'text', nullable), column('client_key', 'text', nullable)];
const PROPAGATE = 'propagate_identity';

/** How gateways and their upstreams prove who they are, and which are told who calls. */
export class UpstreamTrust1764000000014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Only PostgreSQL has such a word; the others would keep it as an expression, and differ from the entity.
    const off = runner.connection.options.type === 'postgres' ? 'false' : '0';
    const columns = [...TRUST, column(PROPAGATE, 'boolean', { default: off })];
    await runner.addColumns(
      'gateways',
      columns.map((options) => new TableColumn(options)),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumns('gateways', [...TRUST.map(({ name }) => name), PROPAGATE]);
  }
}
