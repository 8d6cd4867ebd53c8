import { describe, expect, it } from 'vitest';
import { holdsNumbers, WrittenNumbers } from './written-numbers.js';

const of = (text: string): WrittenNumbers => {
  const bytes = Buffer.from(`{"params":${text}}`);
  return new WrittenNumbers(bytes, { start: 10, end: bytes.length - 1 });
};
const changed = (text: string, change: (value: never) => void): string => {
  const value = JSON.parse(text) as never;
  change(value);
  return of(text).stringify(value);
};

describe(WrittenNumbers.name, () => {
  it.each([
    '{"order":9007199254740993,"text":"x"}',
    '[12345678901234567890,-9223372036854775809]',
    '{"a":1.0,"b":[1e400,-1E5,0.10],"c":{"d":123456789.12345678901}}',
    '{"text":"a 9007199254740993 and: 1.0","n":1.5}',
    '{"n":0,"flag":true,"none":null,"list":[],"record":{}}',
    '{"":{"":100000000000000000001}}',
  ])('writes %s as it was', (text) => {
    expect(changed(text, () => undefined)).toBe(text);
  });

  it('finds them behind blanks', () => {
    expect(changed('{"a" : [ 1 , 100000000000000000001 ] }', () => undefined)).toBe('{"a":[1,100000000000000000001]}');
  });

  it('writes what has changed anew and leaves its neighbours', () => {
    const text = '{"card":6212345678900000003,"order":6212345678900000004,"rate":1.0}';
    expect(changed(text, (value: { card: number }) => (value.card = 0))).toBe(
      '{"card":0,"order":6212345678900000004,"rate":1.0}',
    );
  });

  it('tells two numbers apart that a double does not', () => {
    const text = '{"a":9007199254740992,"b":9007199254740993}';
    expect(changed(text, () => undefined)).toBe(text);
    expect(
      of(text)
        .of(2 ** 53)
        .toSorted(),
    ).toEqual(['9007199254740992', '9007199254740993']);
  });

  it('finds a large number again that has moved', () => {
    const text = '[1,9007199254740993,1.0]';
    expect(changed(text, (value: number[]) => value.shift())).toBe('[9007199254740993,1]');
    expect(of(text).stringifyMoved({ input: { args: JSON.parse(text) as unknown } })).toBe(
      '{"input":{"args":[1,9007199254740993,1]}}',
    );
  });

  it('writes a part by where it stands', () => {
    const text = '{"a":[9007199254740992,{"b":9007199254740993}]}';
    expect(of(text).stringify(2 ** 53, 'a', 0)).toBe('9007199254740992');
    expect(of(text).stringify({ b: 2 ** 53 }, 'a', 1)).toBe('{"b":9007199254740993}');
    expect(() => of(text).stringify(2 ** 53, 'a', 'length')).toThrow(RangeError);
  });

  it('writes numbers that a double holds in one way for who compares them', () => {
    const text = '{"a":[5.0,5e0,0.50,9007199254740993,9007199254740992]}';
    expect(of(text).stringifyLarge(JSON.parse(text))).toBe('{"a":[5,5,0.5,9007199254740993,9007199254740992]}');
    expect(of(text).stringifyLarge(5, 'a', 0)).toBe('5');
  });

  it('writes none of several that a moved number could be', () => {
    const text = '{"a":9007199254740992,"b":{"c":9007199254740993}}';
    expect(() => of(text).stringifyMoved({ d: 2 ** 53 })).toThrow(RangeError);
    expect(() => of(text).stringify({ b: 2 ** 53 })).toThrow(RangeError);
  });

  it('reads what it has no text of as it is', () => {
    const none = new WrittenNumbers(Buffer.alloc(0), undefined);
    expect(none.of(2 ** 60)).toEqual(['1152921504606847000']);
    expect(none.stringify({ a: 2 ** 60 })).toBe('{"a":1152921504606847000}');
  });
});

describe(holdsNumbers.name, () => {
  it.each([
    [{ a: [1, 2.5, 'x', null, Number.MAX_SAFE_INTEGER] }, true],
    [{ a: [{ b: 2 ** 53 }] }, false],
    [[-(2 ** 60)], false],
    [Infinity, false],
  ])('%j: %s', (value, expected) => {
    expect(holdsNumbers(value)).toBe(expected);
  });
});
