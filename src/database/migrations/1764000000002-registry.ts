import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm';
import { column, key, nullable, reference, text } from './table-columns.js';

const row = (): TableColumnOptions[] => [
  text('id', 36, key),
  text('owner_email', 255, nullable),
  text('team_id', 36, nullable),
  text('visibility', 16),
  column('enabled', 'boolean'),
  column('tags', 'text'),
  column('created_at', 'bigint'),
  text('created_by', 255, nullable),
  column('updated_at', 'bigint'),
  text('modified_by', 255, nullable),
  column('version', 'bigint'),
];

const gateways = (): Table =>
  new Table({
    name: 'gateways',
    columns: [
      ...row(),
      text('name', 255),
      text('slug', 255),
      text('tenant', 255),
      text('url', 2048),
      column('description', 'text'),
      text('transport', 32),
      text('auth_type', 32),
      column('auth_value', 'text', nullable),
      column('auth_names', 'text'),
      text('era', 16),
      column('discovery', 'text'),
      column('discovered_at', 'bigint'),
      column('reachable', 'boolean'),
      column('last_seen', 'bigint'),
      column('skipped', 'text'),
    ],
    uniques: [{ name: 'uq_gateways_tenant_slug', columnNames: ['tenant', 'slug'] }],
    indices: [{ name: 'ix_gateways_created_at', columnNames: ['created_at', 'id'] }],
  });

const servers = (): Table =>
  new Table({
    name: 'servers',
    columns: [...row(), text('name', 255), text('tenant', 255), column('description', 'text'), text('tool_naming', 16)],
    uniques: [{ name: 'uq_servers_tenant_name', columnNames: ['tenant', 'name'] }],
    indices: [{ name: 'ix_servers_created_at', columnNames: ['created_at', 'id'] }],
  });

function items(name: string, unique: string, own: TableColumnOptions[]): Table {
  return new Table({
    name,
    columns: [
      ...row(),
      text('gateway_id', 36),
      text('upstream_key', 64),
      column('position', 'bigint'),
      column('definition', 'text'),
      ...own,
    ],
    uniques: [{ name: unique, columnNames: ['gateway_id', 'upstream_key'] }],
    indices: [{ name: `ix_${name}_created_at`, columnNames: ['created_at', 'id'] }],
    foreignKeys: [reference(`fk_${name}_gateway`, 'gateway_id', 'gateways')],
  });
}

function association(kind: string): Table {
  const name = `server_${kind}_association`;
  return new Table({
    name,
    columns: [text('server_id', 36, key), text(`${kind}_id`, 36, key)],
    indices: [{ name: `ix_${name}_${kind}`, columnNames: [`${kind}_id`] }],
    foreignKeys: [
      reference(`fk_${name}_server`, 'server_id', 'servers'),
      reference(`fk_${name}_${kind}`, `${kind}_id`, `${kind}s`),
    ],
  });
}

/** Upstream gateways, what they offer, and virtual servers. */
export class Registry1764000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(gateways());
    await runner.createTable(items('tools', 'uq_tools_gateway_name', [text('original_name', 255)]));
    await runner.createTable(
      items('resources', 'uq_resources_gateway_uri', [text('uri', 2048), column('uri_template', 'boolean')]),
    );
    await runner.createTable(items('prompts', 'uq_prompts_gateway_name', [text('original_name', 255)]));
    await runner.createTable(servers());
    for (const kind of ['tool', 'resource', 'prompt']) await runner.createTable(association(kind));
  }

  async down(runner: QueryRunner): Promise<void> {
    const associations = ['prompt', 'resource', 'tool'].map((kind) => `server_${kind}_association`);
    for (const table of [...associations, 'servers', 'prompts', 'resources', 'tools', 'gateways']) {
      await runner.dropTable(table);
    }
  }
}
