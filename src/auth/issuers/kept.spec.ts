import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Kept } from './kept.js';

const MINUTE = 60_000;
const DAY = 86_400_000;

describe(Kept.name, () => {
  let fetches = 0;
  let silent = false;
  const kept = () =>
    new Kept('a test', async () => {
      fetches += 1;
      if (silent) throw new Error('silent');
      return fetches;
    });
  const wait = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds);

  beforeEach(() => {
    Logger.overrideLogger(false);
    vi.useFakeTimers({ toFake: ['Date'] });
    fetches = 0;
    silent = false;
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('fetches once for all who ask at once, and again after ten minutes', async () => {
    const one = kept();
    expect(await Promise.all([one.get(), one.get(), one.get()])).toEqual([1, 1, 1]);
    wait(10 * MINUTE - 1);
    expect(await one.get()).toBe(1);
    wait(1);
    expect(await one.get()).toBe(2);
  });

  it('goes on with what it has for a day while the source is silent, and no longer', async () => {
    const one = kept();
    await one.get();
    silent = true;
    wait(DAY - 1);
    expect(await one.get()).toBe(1);
    wait(1);
    await expect(one.get()).rejects.toMatchObject({ code: 'issuer_unavailable' });
  });

  it('is refused for want of anything, and tries no more than twice a minute', async () => {
    silent = true;
    const one = kept();
    for (const _ of [1, 2, 3]) await expect(one.get()).rejects.toMatchObject({ status: 503 });
    expect(fetches).toBe(1);
    silent = false;
    wait(MINUTE / 2);
    expect(await one.get()).toBe(2);
  });

  it('renews on demand, but not just after a fetch', async () => {
    const one = kept();
    await one.get();
    await one.renew();
    expect(await one.get()).toBe(1);
    wait(MINUTE / 2);
    await one.renew();
    expect(await one.get()).toBe(2);
  });
});
