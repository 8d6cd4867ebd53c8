import { describe, expect, it } from 'vitest';
import { choice, flag, fraction, integer, list, optional, secret, type Setting, text } from './setting.js';

/** What a setting makes of a text: its value, or the end of the sentence "NAME …". */
function made<T>(setting: Setting<T>, value: string): T | { readonly fault: string } {
  try {
    return setting.read(value);
  } catch (error) {
    return { fault: (error as Error).message };
  }
}

describe(text.name, () => {
  it('takes any text without a pattern', () => {
    expect(made(text('A', 'x', ''), 'what ever; it is')).toBe('what ever; it is');
  });

  it('says the rule, and not the value, when the pattern does not match', () => {
    const word = text('A', 'x', '', { pattern: /^\w+$/, rule: 'must be a word' });
    expect(made(word, 'word')).toBe('word');
    expect(made(word, 'two words')).toEqual({ fault: 'must be a word' });
    const even = text('A', 'x', '', { check: (value) => value.length % 2 === 0, rule: 'must be even' });
    expect([made(even, 'xx'), made(even, 'x')]).toEqual(['xx', { fault: 'must be even' }]);
    expect(made(text('A', 'x', '', { pattern: /^\w+$/ }), '!')).toEqual({ fault: 'must match ^\\w+$' });
  });
});

describe(optional.name, () => {
  it('is nothing until it is set, and has the rules of a text', () => {
    const word = optional('A', '', { pattern: /^\w+$/, rule: 'must be a word' });
    expect([word.fallback, word.shown, word.required]).toEqual([undefined, '', false]);
    expect(made(word, 'word')).toBe('word');
    expect(made(word, '!')).toEqual({ fault: 'must be a word' });
  });
});

describe(secret.name, () => {
  it('does not print, and is known as a secret', () => {
    const setting = secret('A', '');
    expect([setting.secret, setting.fallback, setting.shown]).toEqual([true, undefined, '']);
    expect(String(setting.read('text'))).toBe('*****');
    expect(setting.read('text')?.reveal()).toBe('text');
  });
});

describe(flag.name, () => {
  it.each(['true', 'TRUE', '1', 'yes', 'On'])('reads "%s" as true', (value) => {
    expect(made(flag('A', false, ''), value)).toBe(true);
  });

  it.each(['false', 'False', '0', 'no', 'OFF'])('reads "%s" as false', (value) => {
    expect(made(flag('A', true, ''), value)).toBe(false);
  });

  it.each(['maybe', 'tru', 'y', '2', 'null', 'constructor', '"true"', 'true false'])('refuses "%s"', (value) => {
    expect(made(flag('A', true, ''), value)).toEqual({ fault: `must be true or false, not "${value}"` });
  });
});

describe(integer.name, () => {
  const setting = integer('A', 5, { min: -2, max: 99 }, '');

  it.each([
    ['-2', -2],
    ['0', 0],
    ['007', 7],
    ['99', 99],
  ])('reads "%s"', (value, number) => {
    expect(made(setting, value)).toBe(number);
  });

  it.each(['-3', '100', '1.0', '1e1', '0x10', '+5', '5 ', '1_000', '٣', 'five', '', 'NaN', 'Infinity', '9'.repeat(30)])(
    'refuses "%s"',
    (value) => {
      expect(made(setting, value)).toEqual({ fault: `must be a whole number from -2 to 99, not "${value}"` });
    },
  );
});

describe(fraction.name, () => {
  const setting = fraction('A', 0.5, '');

  it.each([
    ['0', 0],
    ['1', 1],
    ['0.01', 0.01],
    ['1.0', 1],
  ])('reads "%s"', (value, number) => {
    expect(made(setting, value)).toBe(number);
  });

  it.each(['-0.1', '1.01', '2', '.5', '1e-2', '0,5', '5%', '', 'NaN', '0.0000000001'])('refuses "%s"', (value) => {
    expect(made(setting, value)).toEqual({ fault: `must be a number from 0 to 1, not "${value}"` });
  });
});

describe(choice.name, () => {
  const setting = choice('A', ['HS256', 'RS256'], 'HS256', '');

  it('gives an option as it is declared, however it is written', () => {
    expect(made(setting, 'rs256')).toBe('RS256');
  });

  it.each(['none', 'HS', 'HS256,RS256', 'constructor'])('refuses "%s"', (value) => {
    expect(made(setting, value)).toEqual({ fault: `must be one of HS256, RS256, not "${value}"` });
  });
});

describe(list.name, () => {
  const setting = list('A', ['x'], '', (item) => (/^\w+$/.test(item) ? undefined : 'is not a word'));

  it.each([
    ['a', ['a']],
    ['a,b', ['a', 'b']],
    [' a , b ,', ['a', 'b']],
    [',', []],
    ['["a","b"]', ['a', 'b']],
    ['[" a ", ""]', ['a']],
    ['[]', []],
    [' [ "a" ] ', ['a']],
    ['"a,b"', ['a', 'b']],
    [`'["a","b"]'`, ['a', 'b']],
  ])('reads %s', (value, items) => {
    expect(made(setting, value)).toEqual(items);
  });

  it.each([
    ['a,b c', 'has "b c", which is not a word'],
    ['["a","!"]', 'has "!", which is not a word'],
    ['["a"', 'starts like a JSON array but is not one'],
    ['["a",1]', 'must be a JSON array of strings'],
    ['[["a"]]', 'must be a JSON array of strings'],
    [`""a""`, 'has ""a"", which is not a word'],
  ])('refuses %s', (value, fault) => {
    expect(made(setting, value)).toEqual({ fault });
  });

  it('shows its default in the form it is set', () => {
    expect(list('A', ['x', 'y'], '').shown).toBe('x,y');
  });
});

describe('every kind', () => {
  const aliases = ['OLD_A'];
  it.each<[string, Setting<unknown>]>([
    ['text', text('A', 'x', 'doc', { aliases })],
    ['optional', optional('A', 'doc', { aliases })],
    ['secret', secret('A', 'doc', { aliases })],
    ['flag', flag('A', true, 'doc', { aliases })],
    ['integer', integer('A', 5, { min: 1, max: 9 }, 'doc', { aliases })],
    ['fraction', fraction('A', 0.5, 'doc', { aliases })],
    ['choice', choice('A', ['x', 'y'], 'x', 'doc', { aliases })],
    ['list', list('A', ['x'], 'doc', undefined, { aliases })],
  ])('%s has its name, its aliases and its explanation', (_, setting) => {
    expect(setting).toMatchObject({ env: 'A', aliases, doc: 'doc', required: false });
  });
});
