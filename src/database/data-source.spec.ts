import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databaseSettings } from '../../test/fixtures/database/database-settings.js';
import { LIBRARY } from '../../test/fixtures/database/library.js';
import { createDataSource } from './data-source.js';

describe(createDataSource.name, () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'portcullis-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('keeps a file in DATA_DIR that only its owner can read', async () => {
    const dataSource = await createDataSource(
      databaseSettings({ DATA_DIR: join(folder, 'data') }),
      LIBRARY,
    ).initialize();
    await dataSource.runMigrations();
    const mode = (name: string) => statSync(join(folder, 'data', name)).mode & 0o777;
    expect([mode(''), mode('portcullis.db'), mode('portcullis.db-wal')]).toEqual([0o700, 0o600, 0o600]);
    await dataSource.destroy();
  });

  it('never lets the entities change the schema', () => {
    expect(createDataSource(databaseSettings({ DATA_DIR: folder }), LIBRARY).options.synchronize).toBe(false);
  });

  it('names the settings when the file cannot be made', () => {
    writeFileSync(join(folder, 'taken'), '');
    const settings = databaseSettings({ DATA_DIR: join(folder, 'taken') });
    expect(() => createDataSource(settings, LIBRARY)).toThrow(/DATA_DIR and DATABASE_URL/);
  });
});
