import { SchedulerRegistry } from '@nestjs/schedule';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Identity } from '../../../test/fixtures/identity.js';
import type { SessionParts } from '../../../test/fixtures/session-parts.js';
import { SessionPurge } from './session-purge.js';
import { UserSession } from './user-session.entity.js';

const HOUR = 3_600_000;

describe(SessionPurge.name, () => {
  let identity: Identity;
  let parts: SessionParts;
  beforeEach(async () => {
    identity = await Identity.open();
    parts = identity.sessionParts();
  });
  afterEach(() => {
    vi.useRealTimers();
    return identity.close();
  });

  const purge = (): SessionPurge =>
    new SessionPurge(parts.repository, identity.revocations, new SchedulerRegistry(), parts.settings);

  it('keeps for an hour what has expired, because clocks differ, and no longer', async () => {
    const ann = await identity.addUser('ann@example.com');
    await parts.service.start(ann, { address: '', agent: '' });
    const { id, expiresAt } = await identity.database.getRepository(UserSession).findOneByOrFail({});
    await identity.revocations.revoke({ jti: 'j-1', revokedBy: '', reason: null, tokenExpiry: expiresAt });
    await identity.revocations.revoke({ jti: 'j-2', revokedBy: '', reason: null, tokenExpiry: null });
    const known = async (): Promise<boolean[]> => [
      (await parts.repository.byId(id)) !== null,
      await identity.revocations.isRevoked('j-1'),
      await identity.revocations.isRevoked('j-2'),
    ];
    vi.useFakeTimers({ toFake: ['Date'], now: expiresAt.getTime() + HOUR });
    await purge().run();
    expect(await known()).toEqual([true, true, true]);
    vi.setSystemTime(expiresAt.getTime() + HOUR + 1);
    await purge().run();
    expect(await known()).toEqual([false, false, true]);
  });

  it('runs soon after the start and then every TOKEN_BLOCKLIST_CLEANUP_HOURS', () => {
    vi.useFakeTimers();
    const subject = purge();
    const run = vi.spyOn(subject, 'run').mockResolvedValue();
    subject.onApplicationBootstrap();
    vi.advanceTimersByTime(HOUR);
    expect(run).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(24 * HOUR);
    expect(run).toHaveBeenCalledTimes(2);
    vi.clearAllTimers();
  });

  it('goes on when the database does not', async () => {
    await identity.database.query('DROP TABLE user_sessions');
    await expect(purge().run()).resolves.toBeUndefined();
  });
});
