import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';
import { column, nullable } from './table-columns.js';

const COLUMNS = [column('tls', 'text', nullable), column('client_key', 'text', nullable)];

/** How gateways and their upstreams prove who they are. */
export class UpstreamTrust1764000000014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns(
      'gateways',
      COLUMNS.map((options) => new TableColumn(options)),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumns(
      'gateways',
      COLUMNS.map(({ name }) => name),
    );
  }
}
