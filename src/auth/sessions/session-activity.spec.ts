import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Identity } from '../../../test/fixtures/identity.js';
import type { SessionParts } from '../../../test/fixtures/session-parts.js';
import { SessionActivity } from './session-activity.js';
import { UserSession } from './user-session.entity.js';

const CLIENT = { address: '127.0.0.1', agent: 'a test' };
const NOON = Date.parse('2026-03-04T12:00:00Z');
const MINUTE = 60_000;

describe(SessionActivity.name, () => {
  let identity: Identity;
  let parts: SessionParts;
  let ids: string[];
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: NOON });
    identity = await Identity.open();
    parts = identity.sessionParts();
    const ann = await identity.addUser('ann@example.com');
    for (let count = 0; count < 3; count += 1) await parts.service.start(ann, CLIENT);
    ids = (await identity.database.getRepository(UserSession).find({ order: { id: 'ASC' } })).map(({ id }) => id);
  });
  afterEach(() => {
    vi.useRealTimers();
    return identity.close();
  });

  const pass = (milliseconds: number): void => void vi.setSystemTime(Date.now() + milliseconds);
  const stored = async (id: string): Promise<number> =>
    ((await parts.repository.byId(id))?.lastUsedAt.getTime() ?? Number.NaN) - NOON;
  const resume = (id: string, at = NOON): boolean => parts.activity.resume(id, new Date(at));

  it('vouches for nobody it does not know', () => {
    expect(parts.activity.touch('unknown')).toBe(false);
    expect(parts.activity.lastUse('unknown')).toBeUndefined();
  });

  it('keeps a session that is used alive, and ends one that is not to the millisecond', () => {
    const [id = ''] = ids;
    expect(resume(id)).toBe(true);
    for (let hour = 0; hour < 5; hour += 1) {
      pass(60 * MINUTE - 1);
      expect(parts.activity.touch(id)).toBe(true);
    }
    pass(60 * MINUTE);
    expect(parts.activity.touch(id)).toBe(false);
    expect(resume(id)).toBe(false);
    expect(parts.activity.touch(id)).toBe(false);
  });

  it('believes the row where another replica saw the session used', () => {
    const [id = ''] = ids;
    resume(id);
    pass(60 * MINUTE);
    expect(parts.activity.touch(id)).toBe(false);
    expect(resume(id, Date.now() - MINUTE)).toBe(true);
    expect(parts.activity.touch(id)).toBe(true);
  });

  it('believes itself where the row is behind', () => {
    const [id = ''] = ids;
    resume(id);
    pass(59 * MINUTE);
    parts.activity.touch(id);
    pass(59 * MINUTE);
    expect(resume(id, NOON)).toBe(true);
  });

  it('stores uses in batches, never later than they were and at most two slices earlier', async () => {
    const [first = '', second = '', third = ''] = ids;
    for (const id of ids) resume(id);
    pass(20_000);
    parts.activity.touch(first);
    pass(20_000);
    parts.activity.touch(second);
    expect(await stored(first)).toBe(0);
    await parts.activity.flush();
    expect([await stored(first), await stored(second), await stored(third)]).toEqual([15_000, 30_000, 0]);
  });

  it('never takes a stored use back', async () => {
    const [id = ''] = ids;
    resume(id);
    pass(20_000);
    parts.activity.touch(id);
    await parts.repository.used([id], new Date(NOON + MINUTE));
    await parts.activity.flush();
    expect(await stored(id)).toBe(MINUTE);
  });

  it('asks the database nothing while nothing was used', async () => {
    const [id = ''] = ids;
    resume(id);
    const used = vi.spyOn(parts.repository, 'used');
    parts.activity.touch(id);
    await parts.activity.flush();
    expect(used).not.toHaveBeenCalled();
  });

  it('keeps what a database that is down did not take', async () => {
    const [id = ''] = ids;
    resume(id);
    pass(20_000);
    parts.activity.touch(id);
    await identity.database.query('ALTER TABLE user_sessions RENAME TO away');
    await parts.activity.flush();
    await identity.database.query('ALTER TABLE away RENAME TO user_sessions');
    await parts.activity.beforeApplicationShutdown();
    expect(await stored(id)).toBe(15_000);
  });
});
