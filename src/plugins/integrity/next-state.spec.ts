import { describe, expect, it } from 'vitest';
import { nextState } from './next-state.js';

describe(nextState.name, () => {
  it.each([
    ['new', undefined, 'h', 'approved', 'approved'],
    ['new', undefined, 'h', 'pending', 'pending'],
    ['new', undefined, 'h', 'blocked', 'blocked'],
    ['approved', 'g', 'h', 'approved', 'changed'],
    ['changed', 'g', 'h', 'approved', 'changed'],
    ['changed', 'g', 'g', 'approved', 'approved'],
    ['pending', null, 'h', 'approved', 'pending'],
    ['pending', null, 'h', 'blocked', 'blocked'],
    ['blocked', 'g', 'g', 'approved', 'blocked'],
    ['blocked', null, 'h', 'approved', 'blocked'],
  ] as const)(
    'a tool that is %s, with %s approved, described as %s, at first sight %s, is %s',
    (was, approved, hash, first, is) => {
      const known = was === 'new' ? undefined : { state: was, approvedHash: approved ?? null };
      expect(nextState(known, hash, first)).toBe(is);
    },
  );
});
