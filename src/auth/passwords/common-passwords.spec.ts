import { dictionary } from '@zxcvbn-ts/language-common';
import { describe, expect, it } from 'vitest';
import { pumped } from '../../../test/fixtures/pumped.js';
import { isCommonPassword } from './common-passwords.js';

describe(isCommonPassword.name, () => {
  it('knows the whole list, in any case and decorated', () => {
    const words = dictionary['passwords-common'];
    expect(words.length).toBeGreaterThan(40_000);
    expect(words.filter((word) => !isCommonPassword(word))).toEqual([]);
    const sample = words.filter((word) => /^[a-z]{6,}$/.test(word)).slice(0, 200);
    expect(sample).toHaveLength(200);
    expect(sample.filter((word) => !isCommonPassword(`${word.toUpperCase()}26!`))).toEqual([]);
  });

  it.each([
    ['words around a common one', 'a dragon of jade'],
    ['a short word among many digits', '7493-2948-bear-2984-1847'],
    ['digits only around three letters', '12-Abc-34567890!'],
    ['an empty text', ''],
    ['no word at all', '~~~ ~~~ ~~~'],
  ])('lets %s be', (_, password) => {
    expect(isCommonPassword(password)).toBe(false);
  });

  it('reads what is long and has signs in the middle in linear time', () => {
    expect(isCommonPassword(`a${pumped('∫')}a`)).toBe(false);
  });
});
