import { describe, expect, it } from 'vitest';
import { goodUntil } from './access-token.js';

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
