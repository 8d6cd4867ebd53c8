import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { createDataSource } from '../../src/database/data-source.js';
import { databaseSettings } from '../fixtures/database/database-settings.js';

/** An empty database of one engine. */
export interface EmptyDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

export interface TestEngine {
  readonly name: string;
  /** Why its suites do not run here. */
  readonly missing: string | undefined;
  create(): Promise<EmptyDatabase>;
}

const mysql = inject('mysql');

export const TEST_ENGINES: readonly TestEngine[] = [
  { name: 'SQLite', missing: undefined, create: createFile },
  { name: 'PostgreSQL', missing: undefined, create: () => createOnServer(inject('postgres').url) },
  {
    name: 'MariaDB',
    missing: mysql ? undefined : 'MariaDB is not installed',
    create: () => createOnServer(mysql?.url ?? ''),
  },
];

async function createFile(): Promise<EmptyDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-'));
  return { url: `sqlite:///${folder}/test.db`, drop: async () => rmSync(folder, { recursive: true, force: true }) };
}

async function createOnServer(serverUrl: string): Promise<EmptyDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await execute(serverUrl, `CREATE DATABASE ${name}`);
  return {
    url: serverUrl.replace(/[^/]+$/, name),
    drop: () => execute(serverUrl, `DROP DATABASE ${name}`),
  };
}

async function execute(url: string, statement: string): Promise<void> {
  const settings = databaseSettings({ DATABASE_URL: url, DB_POOL_SIZE: '1' });
  const dataSource = await createDataSource(settings, { entities: [], migrations: [] }).initialize();
  try {
    await dataSource.query(statement);
  } finally {
    await dataSource.destroy();
  }
}
