import { describe, expect, it } from 'vitest';
import { LiteralScanner } from './literal-scanner.js';

const LITERALS = ['he', 'she', 'hers', 'his', 'a_b', 'b'];

const scanned = (text: string): string[] => {
  const scanner = new LiteralScanner(LITERALS.map((literal) => [literal, literal] as const));
  const found: string[] = [];
  scanner.scan(text, (literal, start, end) => found.push(`${literal} ${start} ${end}`));
  return found;
};

describe(LiteralScanner, () => {
  it('finds every occurrence, in the order in which they end, the longest first', () => {
    expect(scanned('uSHErs A_B')).toEqual(['she 1 4', 'he 2 4', 'hers 2 6', 'a_b 7 10', 'b 9 10']);
  });

  it('takes no other character for one of a literal', () => {
    expect(scanned('\u0168\u0165 \u0162 h\u0065\u0301 a\uff3fx \ud800')).toEqual(['he 5 7']);
  });

  it.each([8191, 8192, 8193, 16_384])('finds what begins around the character %i', (length) => {
    for (const before of [length - 2, length - 1, length])
      expect(scanned('x'.repeat(before) + 'his')).toEqual([`his ${before} ${before + 3}`]);
  });

  it('refuses more than it has room for', () => {
    const many = Array.from({ length: 0x8000 }, (_, index) => [`${index}`.padStart(6, 'x'), index] as const);
    expect(() => new LiteralScanner(many)).toThrow(RangeError);
    expect(() => new LiteralScanner([['x'.repeat(64), 0]])).not.toThrow();
    expect(() => new LiteralScanner([['x'.repeat(65), 0]])).toThrow(RangeError);
  });

  it.each([8191, 8192, 8193])('finds the longest that ends around the character %i', (end) => {
    const longest = 'x'.repeat(63) + 'y';
    const found: number[] = [];
    new LiteralScanner([[longest, 0]]).scan('x'.repeat(end - 1) + 'y', (_, start) => found.push(start));
    expect(found).toEqual([end - 64]);
  });

  it('takes nothing of another text for the beginning of a literal', () => {
    const found: number[] = [];
    const scanner = new LiteralScanner([['xxxabcd', 0]]);
    for (const text of ['x'.repeat(8193), 'abcd', 'xxxabcd']) scanner.scan(text, (_, start) => found.push(start));
    expect(found).toEqual([0]);
  });
});
