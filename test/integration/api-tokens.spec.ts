import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { arrivalId } from '../../src/audit/arrival-id.js';
import { UsageLogRow } from '../../src/audit/usage-log.entity.js';
import { UsageLogRepository } from '../../src/audit/usage-log.repository.js';
import { UsageStatistics } from '../../src/audit/usage-statistics.js';
import { TokenRevocation } from '../../src/auth/jwt/token-revocation.entity.js';
import { UserRepository } from '../../src/auth/accounts/user.repository.js';
import { User } from '../../src/auth/accounts/user.entity.js';
import { ApiToken } from '../../src/tokens/api-token.entity.js';
import { ApiTokenRepository } from '../../src/tokens/api-token.repository.js';
import { usageRow } from '../fixtures/usage-row.js';
import { onEveryDatabase } from './on-every-database.js';

const NOON = Date.parse('2026-03-04T12:00:00.000Z');
const HOUR = 3_600_000;

onEveryDatabase((database) => {
  let tokens: ApiTokenRepository;
  let log: UsageLogRepository;
  let statistics: UsageStatistics;
  let userId: string;
  beforeAll(async () => {
    tokens = new ApiTokenRepository(database.dataSource.getRepository(ApiToken));
    log = new UsageLogRepository(database.dataSource.getRepository(UsageLogRow));
    statistics = new UsageStatistics(database.dataSource.getRepository(UsageLogRow));
    const users = new UserRepository(database.dataSource.getRepository(User));
    const ann = { email: 'ann@example.com', passwordHash: 'none', fullName: null, isAdmin: false };
    userId = (await users.create(ann)).id;
  });

  const token = async (more: Partial<ApiToken> = {}): Promise<ApiToken> => {
    const id = randomUUID().replaceAll('-', '');
    const row: ApiToken = {
      id,
      userId,
      name: id,
      jti: randomUUID(),
      tokenHash: 'none',
      teamId: null,
      serverId: null,
      permissions: [],
      ipRestrictions: [],
      timeRestrictions: {},
      usageLimits: null,
      maxUses: null,
      uses: 0,
      description: null,
      tags: [],
      createdAt: new Date(NOON),
      expiresAt: null,
      isActive: true,
      createdBy: null,
      lastUsed: null,
      dpopJkt: null,
      x5tS256: null,
      ...more,
    };
    await tokens.insert(row);
    return row;
  };

  describe('uses', () => {
    it('exactly as many as there are, however many ask at once', async () => {
      const { id } = await token({ maxUses: 10 });
      const answers = await Promise.all(Array.from({ length: 50 }, () => tokens.use(id, 1)));
      expect(answers.filter(Boolean)).toHaveLength(10);
      expect((await tokens.record(id))?.token.uses).toBe(10);
    });

    it('takes a batch as a whole or not at all', async () => {
      const { id } = await token({ maxUses: 10 });
      const answers = await Promise.all(Array.from({ length: 5 }, () => tokens.use(id, 4)));
      expect(answers.filter(Boolean)).toHaveLength(2);
      expect(await tokens.use(id, 3)).toBe(false);
      expect(await tokens.use(id, 2)).toBe(true);
      expect(await tokens.use(id, 1)).toBe(false);
    });

    it('obeys a limit that was changed, and none for a row that is gone', async () => {
      const { id } = await token({ maxUses: 1 });
      expect(await tokens.use(id, 1)).toBe(true);
      await tokens.update(id, { maxUses: 2 });
      expect([await tokens.use(id, 1), await tokens.use(id, 1)]).toEqual([true, false]);
      await tokens.update(id, { maxUses: null });
      expect(await tokens.use(id, 1)).toBe(true);
      expect(await tokens.use('gone', 1)).toBe(false);
    });
  });

  describe('records', () => {
    it('know the e-mail of their user and how they were revoked, and page exactly', async () => {
      const teamId = randomUUID();
      const rows = await Promise.all([0, 1, 2, 3, 4].map((age) => token({ teamId, createdAt: new Date(NOON - age) })));
      const [, second] = rows;
      const revoked = { revokedAt: new Date(NOON), revokedBy: 'admin', reason: 'lost', tokenExpiry: null };
      await database.dataSource.getRepository(TokenRevocation).insert({ jti: second?.jti ?? '', ...revoked });
      const limits = { includeInactive: true, teamId, limit: 2 };
      const [first, total] = await tokens.page({ ...limits, offset: 0 });
      expect(total).toBe(5);
      expect(first).toEqual([
        { token: rows[0], owner: 'ann@example.com', revocation: null },
        { token: second, owner: 'ann@example.com', revocation: { jti: second?.jti, ...revoked } },
      ]);
      expect((await tokens.page({ ...limits, offset: 4 }))[0].map((found) => found.token)).toEqual([rows[4]]);
      await tokens.deactivate(rows[0]?.id ?? '');
      expect((await tokens.page({ ...limits, includeInactive: false, offset: 0 }))[1]).toBe(4);
    });

    it('keep limits and the last use', async () => {
      const usageLimits = { requests_per_hour: 5, requests_per_day: 1_000_000_000 };
      const { id, jti } = await token({ usageLimits, maxUses: 1_000_000_000 });
      await tokens.used([jti, 'of-nobody'], new Date(NOON));
      expect((await tokens.record(id))?.token).toMatchObject({
        usageLimits,
        maxUses: 1_000_000_000,
        lastUsed: new Date(NOON),
      });
      expect((await tokens.find(jti))?.quota).toEqual({
        tokenId: id,
        perHour: 5,
        perDay: 1_000_000_000,
        maxUses: 1_000_000_000,
      });
    });
  });

  describe('usage', () => {
    const row = (at: number, more: Partial<UsageLogRow>) =>
      usageRow({ id: arrivalId(at), timestamp: new Date(at), tokenJti: 'mine', ...more });

    beforeEach(async () => {
      await database.dataSource.getRepository(UsageLogRow).clear();
      await log.insertAll([
        row(NOON - 25 * HOUR, { responseTimeUs: 9_000_000 }),
        row(NOON - 2 * HOUR - 1, { endpoint: '/tools', responseTimeUs: 1000 }),
        row(NOON - 2 * HOUR, { endpoint: '/tools', outcome: 'error', statusCode: 404, responseTimeUs: 2000 }),
        row(NOON - HOUR, {
          outcome: 'blocked',
          blocked: true,
          blockReason: 'day_limit_exceeded',
          responseTimeUs: 3000,
        }),
        row(NOON - 1, { responseTimeUs: 6000 }),
        row(NOON - 1, { outcome: 'aborted', responseTimeUs: 0 }),
        row(NOON - 1, { tokenJti: 'another' }),
        row(NOON - 1, { tokenJti: null }),
      ]);
    });

    const since = new Date(NOON - 24 * HOUR);

    it('is summed up for one token, since a time', async () => {
      expect(await statistics.totals('mine', since)).toEqual({
        requests: 5,
        successful: 2,
        blocked: 1,
        responseTimeMs: 2.4,
      });
      expect(await statistics.totals('unknown', since)).toEqual({
        requests: 0,
        successful: 0,
        blocked: 0,
        responseTimeMs: 0,
      });
    });

    it('names the most used paths', async () => {
      expect(await statistics.topEndpoints('mine', since, 5)).toEqual([
        ['/mcp', 3],
        ['/tools', 2],
      ]);
      expect(await statistics.topEndpoints('mine', since, 1)).toEqual([['/mcp', 3]]);
    });

    it('falls into hours and days of UTC', async () => {
      expect(await statistics.series('mine', since, 'hour')).toEqual([
        { start: NOON - 3 * HOUR, requests: 1, successful: 1, blocked: 0 },
        { start: NOON - 2 * HOUR, requests: 1, successful: 0, blocked: 0 },
        { start: NOON - HOUR, requests: 3, successful: 1, blocked: 1 },
      ]);
      const midnight = NOON - 12 * HOUR;
      expect(await statistics.series('mine', new Date(0), 'day')).toEqual([
        { start: midnight - 24 * HOUR, requests: 1, successful: 1, blocked: 0 },
        { start: midnight, requests: 5, successful: 2, blocked: 1 },
      ]);
    });

    it('is deleted by age, the oldest first and never more than is asked', async () => {
      const cut = new Date(NOON - HOUR);
      expect(await log.deleteBefore(cut, 2)).toBe(2);
      expect(await log.deleteBefore(cut, 2)).toBe(1);
      expect(await log.deleteBefore(cut, 2)).toBe(0);
      expect(await database.dataSource.getRepository(UsageLogRow).count()).toBe(5);
    });
  });
});
