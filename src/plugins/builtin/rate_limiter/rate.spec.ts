import { describe, expect, it } from 'vitest';
import { rateOf } from './rate.js';

describe(rateOf.name, () => {
  it.each([
    ['1/s', 1, 1000],
    ['5/sec', 5, 1000],
    ['5/second', 5, 1000],
    ['30/m', 30, 60_000],
    ['30/min', 30, 60_000],
    ['30/minute', 30, 60_000],
    ['999999999/h', 999_999_999, 3_600_000],
    ['7/hr', 7, 3_600_000],
    ['7/hour', 7, 3_600_000],
  ])('reads %s', (text, limit, windowMs) => expect(rateOf(text)).toEqual({ limit, windowMs }));

  it.each(['', '30', '30/', '/m', '0/m', '-1/m', '1.5/m', '30/d', '30/minutes', '30 /m', '30/M', '1e3/m', 30, null])(
    'takes %j for none',
    (text) => expect(rateOf(text)).toBeUndefined(),
  );
});
