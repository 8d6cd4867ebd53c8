import type { DataSource, EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENTITIES } from '../../src/app.entities.js';
import { MIGRATIONS } from '../../src/app.migrations.js';
import { createDataSource } from '../../src/database/data-source.js';
import { databaseSettings } from '../fixtures/database/database-settings.js';
import { LIBRARY } from '../fixtures/database/library.js';

const PORTABLE_TYPES = ['varchar', 'text', 'simple-json', 'boolean', 'bigint'];
// InnoDB's 3072 bytes, at four a character.
const LONGEST_INDEX = 768;
const LONGEST_NAME = 63;

/** Where an entity would behave differently on one of the engines. */
function faults(entity: EntityMetadata): string[] {
  const found: string[] = [];
  const check = (holds: boolean, fault: string) => {
    if (!holds) found.push(`${entity.tableName}: ${fault}`);
  };
  const nameOf = (columns: readonly ColumnMetadata[]) => columns.map(({ databaseName }) => databaseName).join(', ');
  check(/^[a-z][a-z0-9_]*$/.test(entity.tableName), 'the table is not snake_case');
  for (const column of entity.columns) {
    check(/^[a-z][a-z0-9_]*$/.test(column.databaseName), `${column.databaseName} is not snake_case`);
    check(PORTABLE_TYPES.includes(String(column.type)), `${column.databaseName} is not made by columns.ts`);
    check(!column.isGenerated, `${column.databaseName} is generated, which every engine does differently`);
  }
  for (const { givenName, columns } of [...entity.indices, ...entity.uniques, ...entity.foreignKeys]) {
    check(givenName !== undefined, `the index or key over ${nameOf(columns)} has no name`);
    check(String(givenName).length <= LONGEST_NAME, `the name of the index or key over ${nameOf(columns)} is too long`);
  }
  const indexed = [...entity.indices, ...entity.uniques].map(({ columns }) => columns);
  for (const columns of [...indexed, entity.primaryColumns]) {
    const characters = columns.reduce((sum, { type, length }) => sum + (type === 'varchar' ? Number(length) : 2), 0);
    const isText = columns.some(({ type }) => type === 'text' || type === 'simple-json');
    check(!isText && characters <= LONGEST_INDEX, `the index over ${nameOf(columns)} is too long`);
  }
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
