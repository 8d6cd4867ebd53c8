import { describe, expect, it } from 'vitest';
import { arrivalId, prefix } from './arrival-id.js';

describe(arrivalId.name, () => {
  it('is a UUID of version 7 without hyphens', () => {
    expect(arrivalId(Date.now())).toMatch(/^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
  });

  it.each([0, 1, 1_764_000_000_000, 2 ** 48 - 2])('sorts by its millisecond: %i', (millisecond) => {
    const [earlier, later] = [arrivalId(millisecond), arrivalId(millisecond + 1)];
    expect(earlier < later).toBe(true);
    expect(prefix(millisecond) < earlier && earlier < prefix(millisecond + 1)).toBe(true);
    expect(prefix(millisecond + 1) < later).toBe(true);
  });

  it('differs within a millisecond', () => {
    expect(new Set(Array.from({ length: 1000 }, () => arrivalId(7))).size).toBe(1000);
  });
});
