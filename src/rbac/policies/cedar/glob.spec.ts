import { describe, expect, it } from 'vitest';
import { compileGlob } from './glob.js';

describe(compileGlob.name, () => {
  it.each([
    [['a'], 'a', true],
    [['a'], 'ab', false],
    [['a', ''], 'ab', true],
    [['', 'a'], 'ba', true],
    [['', ''], '', true],
    [['a', 'a'], 'a', false],
    [['a', 'b', 'c'], 'axbxc', true],
    [['a', 'b', 'c'], 'abbc', true],
    [['a', 'bc', 'c'], 'abc', false],
    [['a', 'x', 'x', 'c'], 'axc', false],
    [['', '\n', ''], 'a\nb', true],
    [['.', ''], 'x', false],
  ])('%j on %j: %s', (pieces, text, fits) => expect(compileGlob(pieces)(text)).toBe(fits));

  it('takes a bad pattern in its stride', () => {
    const fits = compileGlob(['', ...Array.from({ length: 5000 }, () => 'a'), 'b', '']);
    // There are more ways to lay out the wildcards than could ever be tried.
    expect(fits('a'.repeat(16_000))).toBe(false);
  });
});
