import { describe, expect, it } from 'vitest';
import { isStale } from './is-stale.js';

const lastSeen = new Date('2026-11-22T12:00:00Z');
const now = (seconds: number): number => lastSeen.getTime() + seconds * 1000;

describe(isStale.name, () => {
  it.each([
    [false, 60, 61, true],
    [false, 60, 60, false],
    [true, 60, 3600, false],
    [false, 0, 1e9, false],
  ])('an upstream with reachable = %s and a limit of %d s is after %d s: %s', (reachable, limit, after, stale) => {
    expect(isStale({ reachable, lastSeen }, limit, now(after))).toBe(stale);
  });
});
