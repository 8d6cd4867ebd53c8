import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databaseSettings } from '../../test/fixtures/database/database-settings.js';
import { LIBRARY } from '../../test/fixtures/database/library.js';
import { Shelf } from '../../test/fixtures/database/shelf.entity.js';
import { createDataSource } from './data-source.js';
import { installSqliteGate } from './gated-query-runner.js';
import { GateTimeoutError } from './sqlite-gate.js';
import { UnitOfWork } from './unit-of-work.js';

describe(installSqliteGate.name, () => {
  let folder: string;
  let dataSource: DataSource;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'portcullis-'));
    const settings = databaseSettings({ DATABASE_URL: `sqlite:///${folder}/gate.db`, DB_POOL_TIMEOUT: '1' });
    dataSource = await createDataSource(settings, LIBRARY).initialize();
    await dataSource.runMigrations();
  });

  afterEach(async () => {
    if (dataSource.isInitialized) await dataSource.destroy();
    rmSync(folder, { recursive: true });
  });

  const insert = (id: string) => dataSource.manager.insert(Shelf, { id, label: id });
  const transaction = (id: string, fails: boolean) =>
    dataSource.transaction(async (manager) => {
      await manager.insert(Shelf, { id, label: id });
      await new Promise(setImmediate);
      if (fails) throw new Error('meant to fail');
      await manager.update(Shelf, { id }, { label: `${id} kept` });
    });

  it('keeps 300 concurrent tasks apart', async () => {
    const tasks = Array.from({ length: 100 }, (_, index) => [
      insert(`plain-${index}`),
      transaction(`kept-${index}`, false),
      transaction(`lost-${index}`, true),
    ]).flat();
    const settled = await Promise.allSettled(tasks);
    const reasons = settled.flatMap((task) => (task.status === 'rejected' ? [(task.reason as Error).message] : []));
    expect(reasons).toEqual(Array.from({ length: 100 }, () => 'meant to fail'));

    const labels = (await dataSource.manager.find(Shelf)).map((shelf) => shelf.label).sort();
    const wanted = Array.from({ length: 100 }, (_, index) => [`plain-${index}`, `kept-${index} kept`]).flat();
    expect(labels).toEqual(wanted.sort());
  });

  it('shows no uncommitted row to others', async () => {
    const seen: Promise<number>[] = [];
    const failing = dataSource.transaction(async (manager) => {
      await manager.insert(Shelf, { id: 'a', label: 'a' });
      seen.push(dataSource.manager.count(Shelf));
      await new Promise(setImmediate);
      throw new Error('meant to fail');
    });
    await expect(failing).rejects.toThrow('meant to fail');
    expect(await seen[0]).toBe(0);
  });

  it('frees the connection after a failed inner transaction', async () => {
    await dataSource.transaction(async (manager) => {
      await manager.insert(Shelf, { id: 'outer', label: 'outer' });
      const inner = manager.transaction(async (nested) => {
        await nested.insert(Shelf, { id: 'inner', label: 'inner' });
        throw new Error('meant to fail');
      });
      await expect(inner).rejects.toThrow('meant to fail');
    });
    expect(await dataSource.manager.find(Shelf)).toEqual([{ id: 'outer', label: 'outer' }]);
  });

  it('rolls back what a query runner leaves open', async () => {
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.manager.insert(Shelf, { id: 'open', label: 'open' });
    await runner.release();
    expect(await dataSource.manager.count(Shelf)).toBe(0);
  });

  it('gives up on a transaction that waits for itself', async () => {
    const waits = dataSource.transaction(() => insert('self'));
    await expect(waits).rejects.toThrow(GateTimeoutError);
    await insert('after');
    expect(await dataSource.manager.count(Shelf)).toBe(1);
  });

  it('tells at once that a unit of work goes past its manager', async () => {
    const past = new UnitOfWork(dataSource).run(() => insert('past'));
    await expect(past).rejects.toThrow('through its manager only');
  });

  it('closes after the transaction under way, and folds the log into the file', async () => {
    const running = transaction('last', false);
    await dataSource.destroy();
    await running;
    await dataSource.initialize();
    expect(await dataSource.manager.count(Shelf)).toBe(1);
  });

  it('runs with write-ahead log, normal sync and foreign keys', async () => {
    const pragma = async (name: string) => Object.values((await dataSource.query(`PRAGMA ${name}`))[0])[0];
    expect(await pragma('journal_mode')).toBe('wal');
    expect(await pragma('synchronous')).toBe(1);
    expect(await pragma('foreign_keys')).toBe(1);
    expect(await pragma('busy_timeout')).toBe(5000);
  });
});
