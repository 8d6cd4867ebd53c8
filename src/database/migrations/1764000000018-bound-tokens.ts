import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';
import { nullable, text } from './table-columns.js';

const SERVERS = 'sender_constrained';
const TOKENS = ['dpop_jkt', 'x5t_s256'];

/** Tokens that are bound to a key or a client certificate, and virtual servers that take no others. */
export class BoundTokens1764000000018 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('servers', new TableColumn(text(SERVERS, 16, { default: "'none'" })));
    for (const name of TOKENS) await runner.addColumn('email_api_tokens', new TableColumn(text(name, 43, nullable)));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumns('email_api_tokens', TOKENS);
    await runner.dropColumn('servers', SERVERS);
  }
}
