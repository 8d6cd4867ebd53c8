import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe } from 'vitest';
import { ENTITIES } from '../../src/app.entities.js';
import { MIGRATIONS } from '../../src/app.migrations.js';
import { openDatabase } from '../../src/database/open-database.js';
import type { SchemaLists } from '../../src/database/schema-lists.js';
import { databaseSettings } from '../fixtures/database/database-settings.js';
import { type EmptyDatabase, TEST_ENGINES, type TestEngine } from './test-engine.js';

/** What a suite gets; usable inside its tests and hooks. */
export interface TestDatabase {
  readonly engine: string;
  readonly url: string;
  readonly dataSource: DataSource;
}

/** A suite for each engine, skipped by name where the engine is missing. */
export function onEveryEngine(suite: (engine: TestEngine) => void): void {
  for (const engine of TEST_ENGINES) {
    if (engine.missing) describe.skip(`${engine.name} (skipped: ${engine.missing})`, () => suite(engine));
    else describe(engine.name, () => suite(engine));
  }
}

/** Runs the suite on every engine, each time against a fresh, migrated database that all its tests share. */
export function onEveryDatabase(
  suite: (database: TestDatabase) => void,
  schema: SchemaLists = { entities: ENTITIES, migrations: MIGRATIONS },
): void {
  onEveryEngine((engine) => {
    let empty: EmptyDatabase;
    let dataSource: DataSource;

    beforeAll(async () => {
      empty = await engine.create();
      dataSource = await openDatabase(databaseSettings({ DATABASE_URL: empty.url }), schema);
    });

    afterAll(async () => {
      await dataSource?.destroy();
      await empty?.drop();
    });

    suite({
      engine: engine.name,
      get url() {
        return empty.url;
      },
      get dataSource() {
        return dataSource;
      },
    });
  });
}
