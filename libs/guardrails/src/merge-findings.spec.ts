import { describe, expect, it } from 'vitest';
import { mergeFindings } from './merge-findings.js';

const finding = (type: string, start: number, end: number, score = 1) => ({ type, start, end, score, rule: type });

describe('mergeFindings', () => {
  it.each([
    [
      'apart',
      [finding('b', 5, 9), finding('a', 0, 3)],
      [
        ['a', 0, 3],
        ['b', 5, 9],
      ],
    ],
    [
      'touching',
      [finding('a', 0, 3), finding('b', 3, 6)],
      [
        ['a', 0, 3],
        ['b', 3, 6],
      ],
    ],
    ['one in the other', [finding('b', 2, 4), finding('a', 0, 9)], [['a', 0, 9]]],
    ['crossing: the longest gives the name, all is covered', [finding('a', 0, 5), finding('b', 3, 12)], [['b', 0, 12]]],
    ['a chain', [finding('a', 0, 5), finding('b', 4, 12), finding('c', 11, 13)], [['b', 0, 13]]],
    ['the same place: the surest', [finding('a', 0, 5, 0.5), finding('b', 0, 5, 0.9)], [['b', 0, 5]]],
    ['none', [], []],
  ])('%s', (_name, findings, expected) =>
    expect(mergeFindings(findings).map(({ type, start, end }) => [type, start, end])).toEqual(expected),
  );
});
