import type { FindOptionsWhere } from 'typeorm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LogPage } from '../../src/audit/log-rows.js';
import { CheckLogSettings } from '../../src/rbac/checks/check-log.settings.js';
import { CheckRetention } from '../../src/rbac/checks/check-retention.js';
import { CheckWriter } from '../../src/rbac/checks/check-writer.js';
import { PermissionCheck } from '../../src/rbac/checks/permission-check.entity.js';
import { PermissionCheckRepository } from '../../src/rbac/checks/permission-check.repository.js';
import { permissionCheck } from '../fixtures/rbac/check-row.js';
import { settingsOf } from '../fixtures/settings-of.js';
import { onEveryDatabase } from './on-every-database.js';

const NOON = Date.parse('2026-03-04T12:00:00.000Z');
const MINUTE = 60_000;

describe('decisions that are written down', () => {
  onEveryDatabase((database) => {
    let log: PermissionCheckRepository;
    const at = (minutes: number, more: Partial<PermissionCheck> = {}) =>
      permissionCheck({ timestamp: new Date(NOON + minutes * MINUTE), ...more });
    const ROWS = [
      at(-3, { userEmail: 'bob@example.com', policies: ['p-1', 'p-2'], reason: 'policy', rolesChecked: [] }),
      at(-2, { granted: true, reason: 'admin', teamId: 'red', userAgent: 'ünï 😀 "it\'s"' }),
      at(-1, { permission: 'gateways.read', resourceType: 'gateways', resourceId: 'g-1' }),
      at(0, { tokenId: null, resourceType: null, resourceId: null, permission: 'teams.create' }),
    ] as const;
    beforeAll(async () => {
      const repository = database.dataSource.getRepository(PermissionCheck);
      log = new PermissionCheckRepository(repository);
      const writer = new CheckWriter(log, settingsOf(CheckLogSettings));
      for (const row of ROWS) writer.push(row);
      await writer.flush();
    });

    const find = (more: Partial<LogPage> = {}, equal: FindOptionsWhere<PermissionCheck> = {}) =>
      log.page(equal, { limit: 50, ...more });

    it('come back as they were, newest first', async () => {
      expect(await find()).toEqual(ROWS.toReversed());
    });

    it.each<[FindOptionsWhere<PermissionCheck>, readonly number[]]>([
      [{ userEmail: 'bob@example.com' }, [0]],
      [{ granted: true }, [1]],
      [{ granted: false }, [3, 2, 0]],
      [{ reason: 'admin', teamId: 'red' }, [1]],
      [{ permission: 'gateways.read' }, [2]],
      [{ resourceType: 'gateways', resourceId: 'g-1' }, [2]],
      [{ resourceType: 'tools', teamId: 'blue' }, []],
      [{ reason: "' OR 1=1 --" }, []],
    ])('are found by %j', async (equal, wanted) => {
      expect(await find({}, equal)).toEqual(wanted.map((index) => ROWS[index]));
    });

    it('are found by time and in pages', async () => {
      const between = { since: new Date(NOON - 2 * MINUTE), until: new Date(NOON) };
      expect(await find(between)).toEqual([ROWS[2], ROWS[1]]);
      expect(await find({ ...between, cursor: ROWS[2].id })).toEqual([ROWS[1]]);
      expect(await find({ limit: 1, cursor: ROWS[1].id })).toEqual([ROWS[0]]);
    });

    it('go when they are old enough', async () => {
      const retention = new CheckRetention(log, settingsOf(CheckLogSettings, { PERMISSION_AUDIT_RETENTION_DAYS: '1' }));
      expect(await retention.purge(new Date(NOON + 86_400_000 - MINUTE))).toBe(2);
      expect(await find()).toEqual([ROWS[3], ROWS[2]]);
    });
  });
});
