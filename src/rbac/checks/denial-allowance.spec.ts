import { describe, expect, it } from 'vitest';
import { DenialAllowance } from './denial-allowance.js';

describe(DenialAllowance.name, () => {
  it('gives each credential so many a minute, and counts the others', () => {
    const allowance = new DenialAllowance(2);
    expect([1, 2, 3, 4].map(() => allowance.takes('ann', 0))).toEqual([true, true, false, false]);
    expect(allowance.takes('bob', 59_999)).toBe(true);
    expect(allowance.leftOut).toBe(2);
    expect(allowance.takes('ann', 60_000)).toBe(true);
    expect(allowance.leftOut).toBe(2);
  });

  it('remembers only so many credentials in a minute; later ones share what one has', () => {
    const allowance = new DenialAllowance(1);
    for (let index = 0; index < 10_000; index += 1) expect(allowance.takes(`j-${index}`, 0)).toBe(true);
    expect([allowance.takes('late', 0), allowance.takes('later', 0), allowance.takes('j-1', 0)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
