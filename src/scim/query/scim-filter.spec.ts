import { expect, it } from 'vitest';
import { readFilter } from './scim-filter.js';

it.each([
  ['an open string of line breaks', `userName eq "${'\n'.repeat(1000)}`],
  ['an open string of backslashes', `userName eq "${'\\'.repeat(1000)}`],
  ['brackets', '('.repeat(1024)],
  ['value paths', 'a['.repeat(512)],
  ['negations', `${'not '.repeat(250)}a pr`],
  ['alternatives', Array.from({ length: 128 }, () => 'id pr').join(' or ')],
  ['digits', '1'.repeat(1024)],
  ['one character too many', `userName eq "${'a'.repeat(1012)}"`],
  ['nothing', ''],
])('a bomb of %s is refused', (_, text) => {
  expect(() => readFilter(text)).toThrow(/^filter /);
});

it('takes as much as it says', () => {
  expect(readFilter(`userName eq "${'a'.repeat(1010)}"`)).toMatchObject({ op: 'eq' });
  expect(readFilter(Array.from({ length: 49 }, () => 'id pr').join(' or '))).toMatchObject({ op: 'or' });
});
