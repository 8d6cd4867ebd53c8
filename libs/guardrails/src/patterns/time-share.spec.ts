import { describe, expect, it } from 'vitest';
import { TimeShare } from './time-share.js';

describe(TimeShare, () => {
  it('is used up by work, and comes back with time', () => {
    let now = 0;
    const share = new TimeShare(100, 0.1, () => now);
    const work = () => (now += 60);
    expect([share.take(work), share.take(work), share.take(work)]).toEqual([60, 120, undefined]);
    now += 500;
    expect(share.take(work)).toBe(680);
    expect(share.take(work)).toBeUndefined();
  });

  it('counts work that fails', () => {
    let now = 0;
    const share = new TimeShare(100, 0.1, () => now);
    const fails = () => {
      now += 100;
      throw new RangeError('no');
    };
    expect(() => share.take(fails)).toThrow(RangeError);
    expect(share.take(() => 1)).toBeUndefined();
  });
});
