import { expect, it } from 'vitest';
import { RowAllowance } from './row-allowance.js';

const taken = (allowance: RowAllowance, ...at: number[]): boolean[] => at.map((now) => allowance.takes(now));

it('allows so many rows a minute', () => {
  const allowance = new RowAllowance(2);
  expect(taken(allowance, 1_000_000, 1_000_001, 1_000_002, 1_059_999)).toEqual([true, true, false, false]);
  expect(taken(allowance, 1_060_000, 1_060_001, 1_119_999, 1_120_000)).toEqual([true, true, false, true]);
});

it('allows none where none are wanted', () => {
  expect(taken(new RowAllowance(0), 0, 60_000, 120_000)).toEqual([false, false, false]);
});
