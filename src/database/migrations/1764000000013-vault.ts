import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { column, key, nullable, text } from './table-columns.js';

const dataKeys = (): Table =>
  new Table({
    name: 'data_keys',
    columns: [
      text('id', 36, key),
      column('generation', 'bigint'),
      text('backend', 32),
      text('kek_id', 512),
      column('wrapped', 'text', nullable),
      column('created_at', 'bigint'),
      column('destroyed_at', 'bigint', nullable),
    ],
    uniques: [{ name: 'uq_data_keys_generation', columnNames: ['generation'] }],
  });

const rotations = (): Table =>
  new Table({
    name: 'key_rotations',
    columns: [
      text('data_key_id', 36, key),
      column('started_at', 'bigint'),
      column('resealed', 'bigint'),
      column('unreadable', 'bigint'),
      column('clean_at', 'bigint', nullable),
      column('finished_at', 'bigint', nullable),
      text('lease_holder', 36, nullable),
      column('lease_until', 'bigint', nullable),
    ],
  });

const signingKeys = (): Table =>
  new Table({
    name: 'jwt_keys',
    columns: [
      text('id', 36, key),
      text('kid', 64),
      column('generation', 'bigint'),
      text('algorithm', 8),
      column('public_key', 'text', nullable),
      column('private_key', 'text', nullable),
      text('signer', 32, nullable),
      text('reference', 512, nullable),
      column('created_at', 'bigint'),
      column('signs_from', 'bigint'),
    ],
    uniques: [
      { name: 'uq_jwt_keys_generation', columnNames: ['generation'] },
      { name: 'uq_jwt_keys_kid', columnNames: ['kid'] },
    ],
  });

/** Data keys, how they are rotated, and keys of tokens. */
export class Vault1764000000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of [dataKeys(), rotations(), signingKeys()]) await runner.createTable(table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [signingKeys(), rotations(), dataKeys()]) await runner.dropTable(table);
  }
}
