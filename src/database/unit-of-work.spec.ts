import { type DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databaseSettings } from '../../test/fixtures/database/database-settings.js';
import { LIBRARY } from '../../test/fixtures/database/library.js';
import { Shelf } from '../../test/fixtures/database/shelf.entity.js';
import { openDatabase } from './open-database.js';
import { UnitOfWork } from './unit-of-work.js';

describe(UnitOfWork.name, () => {
  let dataSource: DataSource;
  let unit: UnitOfWork;

  beforeEach(async () => {
    dataSource = await openDatabase(databaseSettings({ DATABASE_URL: 'sqlite::memory:' }), LIBRARY);
    unit = new UnitOfWork(dataSource);
  });

  afterEach(() => dataSource.destroy());

  /** Writes a shelf, then fails with the code as often as it is told. */
  function flaky(code: string, failures: number) {
    let runs = 0;
    const done = unit.run(async (manager) => {
      runs += 1;
      await manager.insert(Shelf, { id: `run-${runs}`, label: `run-${runs}` });
      if (runs <= failures) throw Object.assign(new Error(code), { code });
      return runs;
    });
    return { done, runs: () => runs };
  }
  const ids = async () => (await dataSource.manager.find(Shelf)).map(({ id }) => id);

  it.each(['40001', '40P01', 'ER_LOCK_DEADLOCK', 'SQLITE_BUSY'])('tries again after %s', async (code) => {
    expect(await flaky(code, 2).done).toBe(3);
    expect(await ids()).toEqual(['run-3']);
  });

  it('gives up after the third time, and leaves nothing', async () => {
    const work = flaky('40001', 9);
    await expect(work.done).rejects.toThrow('40001');
    expect(work.runs()).toBe(3);
    expect(await ids()).toEqual([]);
  });

  it('runs once when the work itself fails', async () => {
    const work = flaky('23505', 1);
    await expect(work.done).rejects.toThrow('23505');
    expect(work.runs()).toBe(1);
  });

  it('does not nest', async () => {
    const nested = unit.run(() => unit.run(async () => undefined));
    await expect(nested).rejects.toThrow('do not nest');
    await unit.run(async () => undefined);
  });

  it('lets work that it started but did not wait for go on after its end', async () => {
    const late: Promise<number>[] = [];
    await unit.run(async () => {
      late.push(new Promise(setImmediate).then(() => dataSource.manager.count(Shelf)));
    });
    expect(await late[0]).toBe(0);
  });
});
