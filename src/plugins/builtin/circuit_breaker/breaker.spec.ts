import { describe, expect, it } from 'vitest';
import { Breaker } from './breaker.js';

const RULES = { errorRate: 0.5, windowMs: 60_000, minCalls: 10, consecutive: 5, cooldownMs: 1000 };

/** A breaker that has heard this: a success (`+`) or a failure (`-`) every second. */
function after(calls: string, rules = RULES): { breaker: Breaker; now: number } {
  const breaker = new Breaker(rules);
  let now = 1_000_000;
  for (const call of calls) {
    now += 1000;
    if (call === '+') breaker.succeeded(now);
    else breaker.failed(now);
  }
  return { breaker, now };
}

describe(Breaker.name, () => {
  it.each([
    ['', false],
    ['----', false],
    ['-----', true],
    ['----+----', false],
    ['+-+-+-+-+', false],
    ['+-+-+-+-+-', true],
    ['++-++-++-++-', false],
    [`${'-+++'.repeat(15)}---+--`, false],
  ])('after %j is open: %s', (calls, isOpen) => {
    const { breaker, now } = after(calls);
    expect(breaker.enter(now) > 0).toBe(isOpen);
  });

  it('forgets what is older than its window', () => {
    const { breaker, now } = after('---+---+--', { ...RULES, windowMs: 4000 });
    expect(breaker.enter(now)).toBe(0);
  });

  it('lets one call through after the pause, and closes with its success', () => {
    const { breaker, now } = after('-----');
    expect(breaker.enter(now + 400)).toBe(600);
    expect([breaker.enter(now + 1000), breaker.enter(now + 1001)]).toEqual([0, 999]);
    breaker.succeeded(now + 1002);
    expect([breaker.enter(now + 1003), breaker.enter(now + 1003)]).toEqual([0, 0]);
    breaker.failed(now + 1004);
    expect(breaker.enter(now + 1005)).toBe(0);
  });

  it('stays open with the failure of that call, and lets another through where nothing was heard of it', () => {
    const { breaker, now } = after('-----');
    breaker.enter(now + 1000);
    breaker.failed(now + 1500);
    expect(breaker.enter(now + 2000)).toBe(500);
    expect(breaker.enter(now + 2500)).toBe(0);
    expect(breaker.enter(now + 3500)).toBe(0);
  });
});
