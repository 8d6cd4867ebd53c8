import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FalteringUsageLog } from '../../test/fixtures/fakes/faltering-usage-log.js';
import { openMemoryDatabase } from '../../test/fixtures/memory-database.js';
import { settingsOf } from '../../test/fixtures/settings-of.js';
import { usageRow } from '../../test/fixtures/usage-row.js';
import { AuditSettings } from './audit.settings.js';
import { UsageLogRow } from './usage-log.entity.js';
import { UsageWriter } from './usage-writer.js';

class ImpatientWriter extends UsageWriter {
  protected override readonly retryMs = 2;
}

describe(UsageWriter.name, () => {
  let database: DataSource;
  let log: FalteringUsageLog;
  let writer: UsageWriter;
  let pushed: string[];
  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(async () => {
    database = await openMemoryDatabase();
    log = new FalteringUsageLog(database);
    writer = writerWith({});
    pushed = [];
  });
  afterEach(async () => {
    await database.destroy();
  });

  const writerWith = (variables: Record<string, string>): UsageWriter =>
    new ImpatientWriter(log, settingsOf(AuditSettings, { TOKEN_USAGE_FLUSH_MS: '10000', ...variables }));
  const push = (count: number): void => {
    for (let index = 0; index < count; index += 1) {
      const row = usageRow();
      pushed.push(row.id);
      writer.push(row);
    }
  };
  const stored = async (): Promise<string[]> => {
    const rows = await database.getRepository(UsageLogRow).find({ select: { id: true } });
    return rows.map(({ id }) => id).sort();
  };

  it('writes what waits after TOKEN_USAGE_FLUSH_MS', async () => {
    writer = writerWith({ TOKEN_USAGE_FLUSH_MS: '20' });
    push(3);
    expect(writer.statistics).toEqual({ rows: 0, waiting: 3, batches: 0, lost: 0 });
    await expect.poll(() => writer.statistics).toEqual({ rows: 3, waiting: 0, batches: 1, lost: 0 });
    expect(await stored()).toEqual(pushed.toSorted());
  });

  it('writes full batches at once', async () => {
    push(200);
    await expect.poll(() => writer.statistics.rows).toBe(200);
    expect(log.tries).toEqual([200]);
  });

  it('splits what came at once, and stores all of it', async () => {
    push(450);
    await writer.flush();
    expect(log.tries).toEqual([200, 200, 50]);
    expect(await stored()).toEqual(pushed.toSorted());
  });

  it('flushes at once, and has nothing to do when nothing waits', async () => {
    push(1);
    await writer.flush();
    await writer.flush();
    expect(log.tries).toEqual([1]);
  });

  it('resolves a flush when what was there is stored, also when another is under way', async () => {
    log.fates = ['hold', 'hold'];
    push(1);
    const first = writer.flush();
    push(1);
    const second = writer.flush();
    log.release();
    await first;
    expect(writer.statistics.rows).toBe(1);
    await expect.poll(() => log.tries).toHaveLength(2);
    push(1);
    log.release();
    await second;
    expect(writer.statistics).toMatchObject({ rows: 2, waiting: 1 });
    await writer.flush();
    expect(await stored()).toEqual(pushed.toSorted());
  });

  it('waits for a flush no longer than it was told', async () => {
    log.fates = ['hold'];
    push(1);
    await writer.flush(10);
    expect(writer.statistics.waiting).toBe(1);
    log.release();
    await writer.flush();
  });

  it('tries again after a failure, without losing a row', async () => {
    log.fates = ['refuse', 'refuse', 'refuse', 'refuse'];
    push(250);
    await writer.flush();
    expect(log.tries).toEqual([200, 200, 200, 200, 200, 50]);
    expect(await stored()).toEqual(pushed.toSorted());
  });

  it('stores each row once when only the answer of the database is lost, whatever came meanwhile', async () => {
    log.fates = ['lose'];
    push(3);
    const flushed = writer.flush();
    push(150);
    await flushed;
    await writer.flush();
    expect(log.tries).toEqual([3, 3, 150]);
    expect(await stored()).toEqual(pushed.toSorted());
  });

  describe('when the database lags', () => {
    beforeEach(() => {
      writer = writerWith({ TOKEN_USAGE_QUEUE: '100', TOKEN_USAGE_WAIT_MS: '50' });
      log.fates = ['hold'];
    });

    it('has room up to TOKEN_USAGE_QUEUE', () => {
      push(99);
      expect(writer.hasRoom).toBe(true);
      push(1);
      expect(writer.hasRoom).toBe(false);
    });

    it('holds a call back until there is room, and then lets it in', async () => {
      push(100);
      const room = writer.room();
      log.release();
      await room;
      expect(writer.hasRoom).toBe(true);
    });

    it('refuses it with 503 when there is none in time', async () => {
      push(100);
      await expect(writer.room()).rejects.toMatchObject({ status: 503, reason: 'usage_log_full' });
      log.release();
      await writer.flush();
    });

    it('keeps rows of calls that were let in, and counts those that would fill the memory', async () => {
      push(200);
      expect(writer.statistics).toMatchObject({ waiting: 200, lost: 0 });
      for (let index = 0; index < 5; index += 1) writer.push(usageRow());
      expect(writer.statistics).toMatchObject({ waiting: 200, lost: 5 });
      log.release();
      await writer.flush();
      expect(await stored()).toEqual(pushed.toSorted());
    });
  });

  it('stores what waits when the application shuts down', async () => {
    push(42);
    await writer.beforeApplicationShutdown();
    expect(await stored()).toEqual(pushed.toSorted());
  });

  it('tries three times at the end, however long the database was away before, and then gives up', async () => {
    log.fates = Array.from({ length: 99 }, () => 'refuse' as const);
    push(2);
    const flushed = writer.flush();
    await expect.poll(() => log.tries.length).toBeGreaterThan(5);
    const before = log.tries.length;
    await Promise.all([writer.beforeApplicationShutdown(), flushed]);
    expect(log.tries.length - before).toBeGreaterThanOrEqual(3);
    expect(log.tries.length - before).toBeLessThanOrEqual(4);
    expect(writer.statistics.waiting).toBe(2);
  });

  it('stores what waits at the end when the database comes back in time', async () => {
    log.fates = ['refuse', 'refuse'];
    push(2);
    await writer.beforeApplicationShutdown();
    expect(await stored()).toEqual(pushed.toSorted());
  });
});
