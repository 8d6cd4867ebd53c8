import { describe, expect, it } from 'vitest';
import { type Algorithm, ALGORITHMS, LimitsUnavailableError } from './limit-store.js';
import { MemoryLimits } from './memory-limits.js';

const WINDOW = 60_000;

/** A store, and its clock. */
function storeOf(algorithm: Algorithm, most?: number) {
  const clock = { now: 1_000_000 };
  const store = new MemoryLimits(algorithm, () => clock.now, most);
  const take = (key: string, limit: number): boolean =>
    store.take([{ key, limit, windowMs: WINDOW }]).every(({ free }) => free >= 1);
  const burst = (key: string, limit: number): number =>
    Array.from({ length: 3 * limit }, () => take(key, limit)).filter(Boolean).length;
  return { clock, store, take, burst };
}

describe.each(ALGORITHMS)(`${MemoryLimits.name}, %s`, (algorithm) => {
  it('lets exactly the limit through at once, and again after the window', () => {
    const { clock, burst } = storeOf(algorithm);
    expect(burst('a', 7)).toBe(7);
    clock.now += WINDOW * 1.01;
    expect(burst('a', 7)).toBe(7);
  });

  it('says how long to wait, and has room then', () => {
    const { clock, store, burst, take } = storeOf(algorithm);
    burst('a', 7);
    const [standing] = store.take([{ key: 'a', limit: 7, windowMs: WINDOW }]);
    expect(standing?.free).toBe(0);
    clock.now += (standing?.waitMs ?? 0) - 1;
    expect(take('a', 7)).toBe(false);
    clock.now += 2;
    expect(take('a', 7)).toBe(true);
  });

  it('counts under none of several limits where one has no room', () => {
    const { store, take } = storeOf(algorithm);
    const both = [
      { key: 'wide', limit: 2, windowMs: WINDOW },
      { key: 'narrow', limit: 1, windowMs: WINDOW },
    ];
    store.take(both);
    expect(store.take(both).map(({ free }) => free)).toEqual([1, 0]);
    expect([take('wide', 2), take('wide', 2)]).toEqual([true, false]);
  });

  it('counts nothing new when it is full, until counts are over', () => {
    const { clock, take } = storeOf(algorithm, 1);
    expect(take('a', 1)).toBe(true);
    expect(() => take('b', 1)).toThrow(LimitsUnavailableError);
    expect(take('a', 1)).toBe(false);
    clock.now += 2 * WINDOW;
    expect(take('b', 1)).toBe(true);
  });
});

describe(MemoryLimits.name, () => {
  const lateInAWindow = (algorithm: Algorithm): number => {
    const { clock, burst, take } = storeOf(algorithm);
    take('a', 10);
    clock.now += WINDOW * 0.9;
    const late = burst('a', 10);
    clock.now += WINDOW * 0.2;
    return late + burst('a', 10);
  };

  it('lets two bursts meet at the edge of fixed windows, which a sliding one does not', () => {
    expect([lateInAWindow('fixed_window'), lateInAWindow('sliding_window')]).toEqual([19, 10]);
  });

  it('fills a bucket evenly', () => {
    const { clock, burst } = storeOf('token_bucket');
    burst('a', 10);
    clock.now += WINDOW / 2;
    expect(burst('a', 10)).toBe(5);
  });
});
