import { describe, expect, it } from 'vitest';
import { associatedData } from './associated-data.js';

describe(associatedData.name, () => {
  it.each([
    [
      ['ab', 'c'],
      ['a', 'bc'],
    ],
    [['a', ''], ['a']],
    [
      ['', 'a'],
      ['a', ''],
    ],
    [['a,b'], ['a', 'b']],
    [[], ['']],
    [['1:a'], ['', 'a']],
    [['a1:b'], ['a', 'b']],
    [['1', ':'], ['1:1:']],
    [['\ud800'], ['\ud801']],
    [['é'], ['e\u0301']],
  ])('tells %j from %j', (one, two) => {
    expect(associatedData(one).equals(associatedData(two))).toBe(false);
  });
});
