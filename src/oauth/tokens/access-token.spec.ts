import { describe, expect, it } from 'vitest';
import { goodUntil, heldOver } from './access-token.js';

describe(goodUntil.name, () => {
  it.each([
    ['for ever where its issuer does not say', null, Number.POSITIVE_INFINITY],
    ['until five minutes before its end', 3_600_000, 3_300_000],
    ['for three quarters of a short life', 60_000, 45_000],
  ])('is %s', (_, lives, expected) => {
    expect(goodUntil(lives === null ? null : new Date(1000 + lives), 1000)).toBe(
      lives === null ? expected : 1000 + expected,
    );
  });
});

describe(heldOver.name, () => {
  it.each([
    ['for half a minute', 100_000, 30_001],
    ['until its end', 20_000, 20_000],
    ['for half a minute where it has no end', Number.POSITIVE_INFINITY, 30_001],
  ])('lets a token be used %s', (_, endsAt, expected) => {
    expect(heldOver({ text: 'a', goodUntil: 0, endsAt }, 1)?.goodUntil).toBe(expected);
  });

  it('has nothing of one that has ended', () => {
    expect(heldOver({ text: 'a', goodUntil: 0, endsAt: 1 }, 1)).toBeUndefined();
  });
});
