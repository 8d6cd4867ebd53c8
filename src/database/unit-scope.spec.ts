import { executionAsyncId } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import { unitScope } from './unit-scope.js';

/** A promise has an async id of its own only while something follows promises. */
const areFollowed = async () => (await Promise.resolve().then(executionAsyncId)) !== 0;

describe('unitScope', () => {
  it('is inside until its unit has ended, whichever others have', async () => {
    let end = (): void => undefined;
    const first = unitScope.run(() => new Promise<void>((resolve) => (end = resolve)));
    const second = unitScope.run(async () => {
      end();
      await first;
      return [unitScope.inside, await new Promise(setImmediate).then(() => unitScope.inside)];
    });
    expect(unitScope.inside).toBe(false);
    expect(await second).toEqual([true, true]);
    expect(unitScope.inside).toBe(false);
  });

  it('is outside in what a unit left running', async () => {
    const late: Promise<boolean>[] = [];
    await unitScope.run(async () => {
      late.push(new Promise(setImmediate).then(() => unitScope.inside));
    });
    expect(await late[0]).toBe(false);
    expect(await unitScope.run(async () => unitScope.inside)).toBe(true);
  });

  it.each([
    ['that went well', async () => undefined],
    ['that failed', () => Promise.reject(new Error('no'))],
  ])('follows no promise after a unit %s', async (_, work: () => Promise<undefined>) => {
    expect(await areFollowed()).toBe(false);
    await Promise.allSettled([unitScope.run(work), unitScope.run(work)]);
    expect(await areFollowed()).toBe(false);
  });
});
