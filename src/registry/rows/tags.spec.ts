import { describe, expect, it } from 'vitest';
import { normaliseTags } from './tags.js';

describe(normaliseTags.name, () => {
  it('trims, lowers and hyphenates', () => {
    expect(normaliseTags(['  Finance Team ', 'a_b', 'v1.2', 'env:prod'])).toEqual([
      'finance-team',
      'a-b',
      'v1.2',
      'env:prod',
    ]);
  });

  it('drops what is no tag, and repetitions', () => {
    expect(normaliseTags(['x', '-ab', 'ab-', 'a"b', '<b>', 'ok', 'OK', 7, null, 'y'.repeat(51)])).toEqual(['ok']);
  });

  it('reads tags as they are shown', () => {
    expect(normaliseTags([{ id: 'prod', label: 'Prod' }, { id: 'dev' }, {}])).toEqual(['prod', 'dev']);
  });

  it('keeps no more than fifty', () => {
    expect(normaliseTags(Array.from({ length: 5000 }, (_, index) => `tag-${index}`))).toHaveLength(50);
  });
});
