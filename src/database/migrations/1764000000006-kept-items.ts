import {
  type MigrationInterface,
  type QueryRunner,
  Table,
  TableColumn,
  type TableColumnOptions,
  TableIndex,
  TableUnique,
} from 'typeorm';
import { column, key, nullable, reference, text } from './table-columns.js';

const PROVENANCE = ['created', 'modified'].flatMap((verb) => [
  text(`${verb}_from_ip`, 64, nullable),
  text(`${verb}_via`, 16, nullable),
  text(`${verb}_user_agent`, 255, nullable),
]);
const OF_EVERY_ROW = [...PROVENANCE, text('import_batch_id', 36, nullable), text('federation_source', 255, nullable)];
const OF_EVERY_ITEM = [column('overrides', 'text', nullable), column('kept', 'text', nullable)];
const CREDENTIAL = [
  text('auth_type', 32, nullable),
  column('auth_value', 'text', nullable),
  column('auth_names', 'text', nullable),
];

const COLUMNS: Readonly<Record<string, readonly TableColumnOptions[]>> = {
  gateways: [...OF_EVERY_ROW, column('passthrough_headers', 'text', nullable)],
  servers: [...OF_EVERY_ROW, text('icon', 2048, nullable)],
  tools: [...OF_EVERY_ROW, ...OF_EVERY_ITEM, ...CREDENTIAL],
  resources: [...OF_EVERY_ROW, ...OF_EVERY_ITEM],
  prompts: [...OF_EVERY_ROW, ...OF_EVERY_ITEM],
};

const ITEMS = {
  tools: 'uq_tools_gateway_name',
  resources: 'uq_resources_gateway_uri',
  prompts: 'uq_prompts_gateway_name',
} as const;

const contentParts = (): Table =>
  new Table({
    name: 'resource_content_parts',
    columns: [text('resource_id', 36, key), column('part', 'bigint', key), column('content', 'text')],
    foreignKeys: [reference('fk_resource_content_parts_resource', 'resource_id', 'resources')],
  });

const globalConfig = (): Table =>
  new Table({
    name: 'global_config',
    columns: [
      text('name', 64, key),
      column('value', 'text'),
      text('updated_by', 255, nullable),
      column('updated_at', 'bigint'),
    ],
  });

/** Tools, resources and prompts that the gateway keeps itself; where rows come from; what passes through to upstreams. */
export class KeptItems1764000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [table, columns] of Object.entries(COLUMNS)) {
      await runner.addColumns(
        table,
        columns.map((options) => new TableColumn(options)),
      );
    }
    for (const [table, unique] of Object.entries(ITEMS)) await openToKept(runner, table, unique);
    await runner.createTable(contentParts());
    await runner.createTable(globalConfig());
  }

  /** What the gateway keeps itself has no place in the schema before, and goes. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(globalConfig());
    await runner.dropTable(contentParts());
    for (const [table, unique] of Object.entries(ITEMS)) await closeToKept(runner, table, unique);
    for (const [table, columns] of Object.entries(COLUMNS)) {
      await runner.dropColumns(
        table,
        columns.map(({ name }) => name),
      );
    }
  }
}

/** An item belongs to a source: its gateway, or the tenant that keeps it. Names are unique within the source. */
async function openToKept(runner: QueryRunner, table: string, unique: string): Promise<void> {
  await runner.addColumn(table, new TableColumn(text('source', 255, { default: "''" })));
  await runner.query(`UPDATE ${table} SET source = gateway_id`);
  await setGatewayNullable(runner, table, true);
  // Before the other goes: MySQL keeps no reference without an index.
  await runner.createIndex(table, gatewayIndex(table));
  await createUnique(runner, table, `uq_${table}_source`, 'source');
  await dropUnique(runner, table, unique, 'gateway_id');
}

async function closeToKept(runner: QueryRunner, table: string, unique: string): Promise<void> {
  await runner.query(`DELETE FROM ${table} WHERE gateway_id IS NULL`);
  await createUnique(runner, table, unique, 'gateway_id');
  await dropUnique(runner, table, `uq_${table}_source`, 'source');
  await runner.dropIndex(table, gatewayIndex(table));
  await setGatewayNullable(runner, table, false);
  await runner.dropColumn(table, 'source');
}

const gatewayIndex = (table: string) => new TableIndex({ name: `ix_${table}_gateway`, columnNames: ['gateway_id'] });

const isMysql = ({ connection }: QueryRunner): boolean => ['mysql', 'mariadb'].includes(connection.options.type);

/** MySQL knows unique indexes only. */
async function createUnique(runner: QueryRunner, table: string, name: string, column: string): Promise<void> {
  const columnNames = [column, 'upstream_key'];
  if (isMysql(runner)) await runner.createIndex(table, new TableIndex({ name, columnNames, isUnique: true }));
  else await runner.createUniqueConstraint(table, new TableUnique({ name, columnNames }));
}

async function dropUnique(runner: QueryRunner, table: string, name: string, column: string): Promise<void> {
  if (isMysql(runner)) await runner.dropIndex(table, name);
  else await runner.dropUniqueConstraint(table, new TableUnique({ name, columnNames: [column, 'upstream_key'] }));
}

/** TypeORM's own changeColumn drops the column and its data on the servers; on SQLite it copies the table. */
async function setGatewayNullable(runner: QueryRunner, table: string, isNullable: boolean): Promise<void> {
  if (runner.connection.options.type === 'postgres') {
    await runner.query(`ALTER TABLE ${table} ALTER COLUMN gateway_id ${isNullable ? 'DROP' : 'SET'} NOT NULL`);
  } else if (isMysql(runner)) {
    await runner.query(`ALTER TABLE ${table} MODIFY gateway_id varchar(36) ${isNullable ? 'NULL' : 'NOT NULL'}`);
  } else {
    await runner.changeColumn(table, 'gateway_id', new TableColumn(text('gateway_id', 36, { isNullable })));
  }
}
