import { describe, expect, it } from 'vitest';
import { fragmentReading, mysqlReading, postgresReading, type SqlReading, transactReading } from './sql-readings.js';
import { sqlTokens } from './sql-tokens.js';

const read = (text: string, reading: SqlReading = mysqlReading) =>
  sqlTokens(text, reading, 1_000).map(
    ({ kind, start, end, closed }) => `${kind} ${text.slice(start, end)}${closed ? '' : ' …'}`,
  );

describe(sqlTokens.name, () => {
  it.each<[string, string[]]>([
    ['a.b=1', ['word a', 'dot .', 'word b', 'operator =', 'number 1']],
    ["'it''s' \"x\"", ["string 'it''s'", 'string "x"']],
    ["'a\\'b' c", ["string 'a\\'b'", 'word c']],
    ["'open", ["string 'open …"]],
    ['`a``b` @x @@y @`z`', ['name `a``b`', 'variable @x', 'variable @@y', 'variable @`z`']],
    [
      '0x1F 0b01 1.5e-3 .5 1a \\N',
      ['number 0x1F', 'number 0b01', 'number 1.5e-3', 'number .5', 'word 1a', 'number \\N'],
    ],
    ['1union', ['number 1', 'word union']],
    ["N'a' x'41' _utf8'b'", ["string N'a'", "string x'41'", "string _utf8'b'"]],
    ['a<=>b||c&&d', ['word a', 'operator <=>', 'word b', 'operator ||', 'word c', 'operator &&', 'word d']],
    ['(a,b);', ['open (', 'word a', 'comma ,', 'word b', 'close )', 'semicolon ;']],
    ['a -- b\nc # d', ['word a', 'comment -- b', 'word c', 'comment # d']],
    ['a/* b', ['word a', 'comment /* b …']],
    ['/*!50000 union*/ a', ['word union', 'word a']],
    ['a\u00A0b', ['word a', 'word b']],
    ['é{', ['word é', 'other {']],
  ])('reads %j as MySQL does', (text, tokens) => {
    expect(read(text)).toEqual(tokens);
  });

  it.each<[string, SqlReading, string[]]>([
    ["'\\' a", postgresReading, ["string '\\'", 'word a']],
    ["E'\\'' a", postgresReading, ["string E'\\''", 'word a']],
    ['$a$ it$$s $a$ b', postgresReading, ['string $a$ it$$s $a$', 'word b']],
    ['/* a /* b */ c */ d', postgresReading, ['comment /* a /* b */ c */', 'word d']],
    ['/* a /* b */ c', mysqlReading, ['comment /* a /* b */', 'word c']],
    ['a #b', postgresReading, ['word a', 'other #', 'word b']],
    ['5--1', mysqlReading, ['number 5', 'operator -', 'operator -', 'number 1']],
    ['5--1', postgresReading, ['number 5', 'comment --1']],
    ['[a b].c', transactReading, ['name [a b]', 'dot .', 'word c']],
    ['/*!union*/', postgresReading, ['comment /*!union*/']],
    ['1--x', fragmentReading, ['number 1', 'comment --x']],
  ])('reads %j as its dialect does', (text, reading, tokens) => {
    expect(read(text, reading)).toEqual(tokens);
  });

  it('stops at its limit', () => {
    expect(sqlTokens('a '.repeat(100), mysqlReading, 7)).toHaveLength(7);
  });
});
