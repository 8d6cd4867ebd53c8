import { DataSource, type EntityMetadata } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENTITIES } from '../../src/app.entities.js';
import { MIGRATIONS } from '../../src/app.migrations.js';
import { createDataSource } from '../../src/database/data-source.js';
import { databaseSettings } from '../fixtures/database/database-settings.js';
import { LIBRARY } from '../fixtures/database/library.js';

const PORTABLE_TYPES = ['varchar', 'text', 'simple-json', 'boolean', 'bigint'];
const LONGEST_INDEXED_TEXT = 191;
const LONGEST_NAME = 63;

/** Where an entity would behave differently on one of the engines. */
function faults(entity: EntityMetadata): string[] {
  const found: string[] = [];
  const check = (holds: boolean, fault: string) => {
    if (!holds) found.push(`${entity.tableName}: ${fault}`);
  };
  const indexed = [...entity.indices, ...entity.uniques].flatMap(({ columns }) => columns);
  check(/^[a-z][a-z0-9_]*$/.test(entity.tableName), 'the table is not snake_case');
  for (const column of entity.columns) {
    check(/^[a-z][a-z0-9_]*$/.test(column.databaseName), `${column.databaseName} is not snake_case`);
    check(PORTABLE_TYPES.includes(String(column.type)), `${column.databaseName} is not made by columns.ts`);
    check(!column.isGenerated, `${column.databaseName} is generated, which every engine does differently`);
    const short = column.type !== 'varchar' || Number(column.length) <= LONGEST_INDEXED_TEXT;
    const isIndexed = column.isPrimary || indexed.includes(column);
    check(!isIndexed || (short && column.type !== 'text'), `${column.databaseName} is too long for an index`);
  }
  for (const { givenName, columns } of [...entity.indices, ...entity.uniques, ...entity.foreignKeys]) {
    const list = columns.map(({ databaseName }) => databaseName).join(', ');
    check(givenName !== undefined, `the index or key over ${list} has no name`);
    check(String(givenName).length <= LONGEST_NAME, `the name of the index or key over ${list} is too long`);
  }
  check(entity.uniques.length === 0, 'a @Unique is a unique @Index on MySQL: write that');
  for (const { onUpdate, name } of entity.foreignKeys) {
    check(onUpdate === 'NO ACTION' || onUpdate === 'RESTRICT', `${name} does not say onUpdate`);
  }
  return found;
}

describe.each([
  { title: 'the application', entities: ENTITIES, migrations: MIGRATIONS },
  { title: 'the test library', ...LIBRARY },
])('the schema of $title', ({ entities, migrations }) => {
  let dataSource: DataSource;

  beforeAll(async () => {
    const settings = databaseSettings({ DATABASE_URL: 'sqlite::memory:' });
    dataSource = await createDataSource(settings, { entities, migrations }).initialize();
  });

  afterAll(() => dataSource.destroy());

  it('behaves the same on every engine', () => {
    expect(dataSource.entityMetadatas.flatMap(faults)).toEqual([]);
  });

  it('gives no name of an index or key twice', () => {
    const names = dataSource.entityMetadatas.flatMap((entity) =>
      [...entity.indices, ...entity.uniques, ...entity.foreignKeys].map(({ name }) => name),
    );
    expect(names).toEqual([...new Set(names)]);
  });

  it('gives no two migrations the same time', () => {
    const times = migrations.map(({ name }) => name.slice(-13));
    expect(times.filter((time) => !/^\d{13}$/.test(time))).toEqual([]);
    expect(times).toEqual([...new Set(times)]);
  });
});
