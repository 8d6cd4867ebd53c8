import { beforeEach, describe, expect, it } from 'vitest';
import { AuthEvent } from '../../src/auth/events/auth-event.entity.js';
import { AuthEventRetention } from '../../src/auth/events/auth-event-retention.js';
import { AuthEventSettings } from '../../src/auth/events/auth-event.settings.js';
import { AuthEvents } from '../../src/auth/events/auth-events.js';
import { keepAnAdministrator } from '../../src/auth/accounts/keep-an-administrator.js';
import { arrivalId } from '../../src/audit/arrival-id.js';
import { User } from '../../src/auth/accounts/user.entity.js';
import { UserRepository } from '../../src/auth/accounts/user.repository.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { settingsOf } from '../fixtures/settings-of.js';
import { onEveryDatabase } from './on-every-database.js';

describe(keepAnAdministrator.name, () => {
  onEveryDatabase((database) => {
    const rows = () => database.dataSource.getRepository(User);
    let users: UserRepository;
    beforeEach(async () => {
      users = new UserRepository(rows());
      await rows().createQueryBuilder().delete().execute();
    });

    const add = (email: string, more: Partial<User> = {}): Promise<User> =>
      users.create({ email, passwordHash: '', fullName: null, isAdmin: true, ...more });
    const lessen = ({ id }: User, change: Partial<User> | 'delete'): Promise<void> =>
      new UnitOfWork(database.dataSource).run(async (manager) => {
        await keepAnAdministrator(manager, id, 'the last one');
        await (change === 'delete' ? manager.delete(User, { id }) : manager.update(User, { id }, change));
      });
    const left = () => rows().countBy({ isAdmin: true, isActive: true });

    it.each([
      ['demotions', { isAdmin: false }],
      ['deactivations', { isActive: false }],
      ['deletions', 'delete'],
    ] as const)('leaves one of ten after ten %s at once', async (_, change) => {
      const admins = await Promise.all(Array.from({ length: 10 }, (_, index) => add(`admin${index}@example.com`)));
      const settled = await Promise.allSettled(admins.map((admin) => lessen(admin, change)));
      expect(await left()).toBe(1);
      const refused = settled.filter((result) => result.status === 'rejected');
      expect(refused.map(({ reason }) => (reason as Error).message)).toEqual(['the last one']);
    });

    it('counts only those who are active, and asks nothing about others', async () => {
      const root = await add('root@example.com');
      const asleep = await add('asleep@example.com', { isActive: false });
      const ann = await add('ann@example.com', { isAdmin: false });
      await expect(lessen(root, { isActive: false })).rejects.toThrow('the last one');
      await lessen(asleep, { isAdmin: false });
      await lessen(ann, 'delete');
      expect(await left()).toBe(1);
    });

    it('finds accounts by a part of their names, whatever characters it has', async () => {
      await add('ann@example.com', { fullName: 'Ann 100%' });
      await add('a_b@example.com', { isAdmin: false });
      await add('bob@example.com', { fullName: "O'Neil!", isActive: false });
      const found = async (filter: object): Promise<string[]> => {
        const [page, total] = await users.page({ limit: 2, offset: 0, ...filter });
        return [...page.map(({ email }) => email.split('@')[0] ?? ''), String(total)];
      };
      expect(await found({})).toEqual(['a_b', 'ann', '3']);
      expect(await found({ offset: 2 })).toEqual(['bob', '3']);
      expect(await found({ search: '0%' })).toEqual(['ann', '1']);
      expect(await found({ search: '_' })).toEqual(['a_b', '1']);
      expect(await found({ search: "o'nEIL!" })).toEqual(['bob', '1']);
      expect(await found({ search: 'EXAMPLE', isActive: true, isAdmin: true })).toEqual(['ann', '1']);
      expect(await found({ isAdmin: false })).toEqual(['a_b', '1']);
      expect(await found({ search: "' OR '1'='1" })).toEqual(['0']);
    });
  });
});

describe(AuthEventRetention.name, () => {
  onEveryDatabase((database) => {
    it('drops what is older than it is kept, and nothing else', async () => {
      const rows = database.dataSource.getRepository(AuthEvent);
      const now = Date.parse('2026-06-01T00:00:00Z');
      const daysAgo = (days: number) => now - days * 86_400_000;
      const event = { userEmail: 'a', eventType: 'login', success: true, ipAddress: '', userAgent: '' };
      const at = (time: number) => ({ ...event, id: arrivalId(time), timestamp: new Date(time) });
      const old = Array.from({ length: 2500 }, (_, index) => at(daysAgo(31) - index));
      for (let index = 0; index < old.length; index += 500) await rows.insert(old.slice(index, index + 500));
      await rows.insert([at(daysAgo(29)), at(now)]);
      const settings = settingsOf(AuthEventSettings, { AUTH_EVENT_RETENTION_DAYS: '30' });
      expect(await new AuthEventRetention(rows, settings).dropOld(new Date(now))).toBe(2500);
      const kept = await new AuthEvents(rows).page({ limit: 10, offset: 0 });
      expect(kept.map(({ timestamp }) => timestamp.getTime())).toEqual([now, daysAgo(29)]);
    });
  });
});
