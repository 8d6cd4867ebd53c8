import { type DataSource, type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDataSource } from '../../src/database/data-source.js';
import { migrate } from '../../src/database/migrate.js';
import { migrationLock } from '../../src/database/migration-lock.js';
import { openDatabase } from '../../src/database/open-database.js';
import { SchemaError } from '../../src/database/schema-error.js';
import { schemaDrift } from '../../src/database/schema-drift.js';
import type { SchemaLists } from '../../src/database/schema-lists.js';
import { databaseSettings } from '../fixtures/database/database-settings.js';
import { LIBRARY } from '../fixtures/database/library.js';
import { Shelf } from '../fixtures/database/shelf.entity.js';
import { onEveryEngine } from './on-every-database.js';
import type { EmptyDatabase } from './test-engine.js';

class FailHalfWay1760000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(new Table({ name: 'half', columns: [{ name: 'id', type: 'bigint', isPrimary: true }] }));
    throw new Error('meant to fail');
  }

  async down(): Promise<void> {}
}

const NAMES = LIBRARY.migrations.map((migration) => migration.name);
const [SHELVES, BOOKS] = NAMES;
const OLDER: SchemaLists = { entities: [Shelf], migrations: LIBRARY.migrations.slice(0, 1) };
const FAILING: SchemaLists = { ...LIBRARY, migrations: [...LIBRARY.migrations, FailHalfWay1760000000003] };

onEveryEngine((engine) => {
  let empty: EmptyDatabase;
  let opened: DataSource[];

  beforeEach(async () => {
    empty = await engine.create();
    opened = [];
  });

  afterEach(async () => {
    await Promise.all(opened.map((dataSource) => dataSource.destroy()));
    await empty.drop();
  });

  const settings = (variables: Readonly<Record<string, string>> = {}) =>
    databaseSettings({ DATABASE_URL: empty.url, DB_POOL_SIZE: '2', ...variables });
  async function keep(opening: Promise<DataSource>): Promise<DataSource> {
    const dataSource = await opening;
    opened.push(dataSource);
    return dataSource;
  }
  const open = (schema = LIBRARY, variables = {}) => keep(openDatabase(settings(variables), schema));
  const connect = (schema = LIBRARY) => keep(createDataSource(settings(), schema).initialize());
  const executed = async (dataSource: DataSource): Promise<string[]> =>
    (await dataSource.query('SELECT name FROM schema_migrations ORDER BY id')).map((row: { name: string }) => row.name);

  describe('several replicas', () => {
    it('start at once: each migration runs once', async () => {
      const [first] = await Promise.all(Array.from({ length: 8 }, () => open()));
      expect(await executed(first!)).toEqual(NAMES);
      expect(await schemaDrift(first!)).toEqual([]);
    });

    it('share the steps', async () => {
      const replicas = await Promise.all(Array.from({ length: 4 }, () => connect()));
      const ran = await Promise.all(replicas.map((replica) => migrate(replica, settings())));
      expect(ran.flat().sort()).toEqual([BOOKS, SHELVES]);
    });

    it('wait for one that migrates, but not for ever', async () => {
      const holder = await connect();
      const lock = migrationLock(holder, settings());
      const runner = holder.createQueryRunner();
      expect(await lock.tryEnter(runner)).toBe(true);
      await expect(open(LIBRARY, { MIGRATION_LOCK_TIMEOUT: '1' })).rejects.toThrow(/MIGRATION_LOCK_TIMEOUT/);
      const waiting = open();
      await lock.leave(runner, 'failed');
      await runner.release();
      expect(await executed(await waiting)).toEqual(NAMES);
    });
  });

  describe('an older build', () => {
    it('refuses a newer schema and names both', async () => {
      await open();
      const refused = open(OLDER);
      await expect(refused).rejects.toThrow(SchemaError);
      await expect(refused).rejects.toThrow(new RegExp(`${BOOKS}.*${SHELVES}`));
    });

    it('is followed by a newer one', async () => {
      expect(await executed(await open(OLDER))).toEqual([SHELVES]);
      expect(await executed(await open())).toEqual(NAMES);
    });
  });

  describe('MIGRATE_ON_START=false', () => {
    it('refuses pending migrations and creates nothing', async () => {
      await expect(open(LIBRARY, { MIGRATE_ON_START: 'false' })).rejects.toThrow(/lacks 2 migration.*CreateShelves/);
      const runner = (await connect()).createQueryRunner();
      expect(await runner.hasTable('schema_migrations')).toBe(false);
      await runner.release();
    });

    it('starts on a complete schema', async () => {
      await open();
      await open(LIBRARY, { MIGRATE_ON_START: 'false' });
    });
  });

  describe('a migration that fails', () => {
    it('stops the start, is named, and keeps the ones before it', async () => {
      await expect(open(FAILING)).rejects.toThrow(/FailHalfWay1760000000003 failed: meant to fail/);
      expect(await executed(await open())).toEqual(NAMES);
    });

    it.skipIf(engine.name === 'MariaDB')('leaves no trace where DDL is transactional', async () => {
      await expect(open(FAILING)).rejects.toThrow(SchemaError);
      const runner = (await connect()).createQueryRunner();
      expect(await runner.hasTable('half')).toBe(false);
      await runner.release();
    });
  });
});
