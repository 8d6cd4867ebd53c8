import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMemoryDatabase } from '../../test/fixtures/memory-database.js';
import { usageRow } from '../../test/fixtures/usage-row.js';
import { isUniqueViolation } from '../database/unique-violation.js';
import { arrivalId } from './arrival-id.js';
import { UsageLogRow } from './usage-log.entity.js';
import { UsageLogRepository } from './usage-log.repository.js';

const NOON = Date.parse('2026-03-04T12:00:00.000Z');

describe(UsageLogRepository.name, () => {
  let database: DataSource;
  let log: UsageLogRepository;
  beforeAll(async () => {
    database = await openMemoryDatabase();
    log = new UsageLogRepository(database.getRepository(UsageLogRow));
  });
  afterAll(() => database.destroy());

  const store = async (...rows: UsageLogRow[]): Promise<void> => {
    await database.getRepository(UsageLogRow).clear();
    await log.insertAll(rows);
  };

  it('stores every value as it was, and as TypeORM itself would', async () => {
    const full = usageRow({ serverId: 's', gatewayId: 'g', blocked: true, blockReason: 'it\'s "why"; DROP TABLE' });
    const empty = usageRow({ tokenJti: null, mcpMethod: null, target: null, userAgent: '', endpoint: '/ünï/😀' });
    await store(full, empty);
    const rows = await database.getRepository(UsageLogRow).find();
    expect(rows).toEqual(expect.arrayContaining([full, empty]));
    const raw: unknown[] = await database.query('SELECT * FROM token_usage_logs ORDER BY id');
    await database.getRepository(UsageLogRow).clear();
    await database.getRepository(UsageLogRow).insert([full, empty]);
    expect(await database.query('SELECT * FROM token_usage_logs ORDER BY id')).toEqual(raw);
  });

  it.each([1, 2, 199, 200])('takes %i rows in one statement', async (count) => {
    await store(...Array.from({ length: count }, () => usageRow()));
    expect(await database.getRepository(UsageLogRow).count()).toBe(count);
  });

  it('stores all rows of a statement or none', async () => {
    const twice = usageRow();
    await store(twice);
    const error: unknown = await log.insertAll([usageRow(), twice]).catch((reason: unknown) => reason);
    expect(isUniqueViolation(error)).toBe(true);
    expect(await database.getRepository(UsageLogRow).count()).toBe(1);
  });

  it('pages by arrival, newest first, and loses none that arrived in the same millisecond', async () => {
    const rows = Array.from({ length: 25 }, (_, index) => {
      const at = NOON + Math.floor(index / 10);
      return usageRow({ id: arrivalId(at), timestamp: new Date(at) });
    });
    await store(...rows);
    const seen: UsageLogRow[] = [];
    for (;;) {
      const cursor = seen.at(-1)?.id;
      const page = await log.find({ limit: 4, ...(cursor !== undefined && { cursor }) });
      seen.push(...page);
      if (page.length < 4) break;
    }
    expect(seen.map(({ id }) => id)).toEqual(
      rows
        .map(({ id }) => id)
        .sort()
        .reverse(),
    );
    expect(seen.map(({ timestamp }) => timestamp.getTime())).toEqual(
      seen.map(({ timestamp }) => timestamp.getTime()).sort((a, b) => b - a),
    );
  });

  it('finds by each filter, and by all together', async () => {
    const at = (ms: number): Partial<UsageLogRow> => ({ id: arrivalId(NOON + ms), timestamp: new Date(NOON + ms) });
    const wanted = usageRow({ ...at(5), tokenJti: 'j-2', userEmail: 'b@example.com', serverId: 's', outcome: 'error' });
    await store(wanted, usageRow(at(0)), usageRow(at(4)));
    const by = {
      tokenJti: 'j-2',
      userEmail: 'b@example.com',
      serverId: 's',
      outcome: 'error',
      since: new Date(NOON + 5),
    };
    for (const [name, value] of Object.entries(by)) {
      expect(await log.find({ limit: 9, [name]: value }), name).toEqual([wanted]);
    }
    expect(await log.find({ limit: 9, ...by, mcpMethod: 'tools/call' })).toEqual([wanted]);
    expect(await log.find({ limit: 9, ...by, mcpMethod: 'tools/list' })).toEqual([]);
    expect(await log.find({ limit: 9, since: new Date(NOON + 6) })).toEqual([]);
    expect(await log.find({ limit: 9, since: new Date(-1) })).toHaveLength(3);
  });
});
