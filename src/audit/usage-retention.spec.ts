import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openMemoryDatabase } from '../../test/fixtures/memory-database.js';
import { settingsOf } from '../../test/fixtures/settings-of.js';
import { usageRow } from '../../test/fixtures/usage-row.js';
import { arrivalId } from './arrival-id.js';
import { AuditSettings } from './audit.settings.js';
import { UsageLogRow } from './usage-log.entity.js';
import { UsageLogRepository } from './usage-log.repository.js';
import { UsageRetention } from './usage-retention.js';

const NOW = Date.parse('2026-03-04T12:00:00.000Z');
const DAY = 86_400_000;

/** Notes how much each statement deleted. */
class CountingLog extends UsageLogRepository {
  readonly deleted: number[] = [];
  broken = false;

  override async deleteBefore(before: Date, most: number): Promise<number> {
    if (this.broken) throw new Error('no connection');
    const count = await super.deleteBefore(before, most);
    this.deleted.push(count);
    return count;
  }
}

describe(UsageRetention.name, () => {
  let database: DataSource;
  let log: CountingLog;
  let retention: UsageRetention;
  beforeAll(async () => {
    database = await openMemoryDatabase();
  });
  beforeEach(async () => {
    await database.getRepository(UsageLogRow).clear();
    log = new CountingLog(database.getRepository(UsageLogRow));
    retention = new UsageRetention(log, settingsOf(AuditSettings, { TOKEN_USAGE_RETENTION_DAYS: '30' }));
  });
  afterAll(() => database.destroy());

  const store = async (count: number, at: number): Promise<void> => {
    for (let left = count; left > 0; left -= 100)
      await log.insertAll(Array.from({ length: Math.min(100, left) }, () => usageRow({ id: arrivalId(at) })));
  };
  const left = (): Promise<number> => database.getRepository(UsageLogRow).count();

  it('deletes what is older than it is kept, to the millisecond', async () => {
    await store(3, NOW - 30 * DAY - 1);
    await store(2, NOW - 30 * DAY);
    await store(1, NOW);
    expect(await retention.purge(new Date(NOW))).toBe(3);
    expect(await left()).toBe(3);
    expect(await retention.purge(new Date(NOW))).toBe(0);
  });

  it('deletes in batches, until nothing old is left', async () => {
    await store(2500, NOW - 31 * DAY);
    await store(5, NOW);
    expect(await retention.purge(new Date(NOW))).toBe(2500);
    expect(log.deleted).toEqual([1000, 1000, 500]);
    expect(await left()).toBe(5);
  });

  it('stops with the process', async () => {
    await store(3, NOW - 31 * DAY);
    retention.beforeApplicationShutdown();
    expect(await retention.purge(new Date(NOW))).toBe(0);
  });

  it('outlives a database that fails', async () => {
    await store(3, Date.now() - 31 * DAY);
    log.broken = true;
    await retention.hourly();
    log.broken = false;
    await retention.hourly();
    expect(await left()).toBe(0);
  });
});
