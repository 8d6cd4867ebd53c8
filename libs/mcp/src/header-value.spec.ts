import { describe, expect, it } from 'vitest';
import { decodeHeaderValue, encodeHeaderValue, trimOws } from './header-value.js';

const base64 = (text: string | Buffer): string => `=?base64?${Buffer.from(text).toString('base64')}?=`;

describe(decodeHeaderValue.name, () => {
  it.each([
    ['search', 'search'],
    ['', ''],
    ['  search\t', 'search'],
    ['two words', 'two words'],
    ['a, b', 'a, b'],
    ['~!"#%', '~!"#%'],
    ['file:///a?b=c#d', 'file:///a?b=c#d'],
    [base64('größe'), 'größe'],
    [` ${base64(' x ')} `, ' x '],
    [base64('=?base64?eA==?='), '=?base64?eA==?='],
    ['=?base64??=', ''],
    ['=?base64?eA==', '=?base64?eA=='],
    ['x=?base64?eA==?=', 'x=?base64?eA==?='],
    ['=?BASE64?eA==?=', '=?BASE64?eA==?='],
    ['=?utf-8?Q?x?=', '=?utf-8?Q?x?='],
    [base64('\u{feff}x'), '\u{feff}x'],
    [base64('a\r\nb'), 'a\r\nb'],
  ])('reads %j as %j', (header, value) => {
    expect(decodeHeaderValue(header)).toBe(value);
  });

  it.each([
    ['a raw byte above 0x7E', 'gr\u00f6\u00dfe'],
    ['DEL', 'a\u007fb'],
    ['a control character', 'a\u0001b'],
    ['an inner tab', 'a\tb'],
    ['missing padding', '=?base64?eA?='],
    ['too much padding', '=?base64?eA===?='],
    ['a foreign alphabet', '=?base64?e*==?='],
    ['base64url', '=?base64?_-8=?='],
    ['bits behind the end', '=?base64?eB==?='],
    ['white space inside', '=?base64?eA ==?='],
    ['a line break', '=?base64?e\nA==?='],
    ['a cut quantum', '=?base64?eHh4e?='],
    ['two values in one', '=?base64?eA==?= =?base64?eA==?='],
    ['bytes that are not UTF-8', base64(Buffer.from([0xff, 0xfe]))],
    ['an overlong encoding', base64(Buffer.from([0xc0, 0xaf]))],
    ['marks that share a character', '=?base64?='],
  ])('refuses %s', (_, header) => {
    expect(decodeHeaderValue(header)).toBeUndefined();
  });
});

describe(encodeHeaderValue.name, () => {
  it.each(['search', 'two words', '', '~', 'a, b', 'x=?base64?eA==?='])('leaves %j as it is', (value) => {
    expect(encodeHeaderValue(value)).toBe(value);
  });

  it.each([
    'größe',
    ' x',
    'x ',
    '\t',
    'a\nb',
    'a\u007fb',
    '\u0000',
    '=?base64?eA==?=',
    '=?base64?=',
    '=?base64?x',
    '🙂',
    '\u{feff}',
  ])('encodes %j so that it reads back', (value) => {
    const header = encodeHeaderValue(value);
    expect(header).toMatch(/^=\?base64\?[A-Za-z0-9+/=]*\?=$/);
    expect(decodeHeaderValue(header)).toBe(value);
  });
});

describe(trimOws.name, () => {
  it.each([
    ['x', 'x'],
    [' x ', 'x'],
    ['\t x\t', 'x'],
    [' ', ''],
    ['', ''],
    ['\u00a0x', '\u00a0x'],
    ['\nx', '\nx'],
  ])('trims %j to %j', (value, trimmed) => {
    expect(trimOws(value)).toBe(trimmed);
  });
});
