import { describe, expect, it } from 'vitest';
import { isSqlStatement } from './is-sql-statement.js';

describe(isSqlStatement.name, () => {
  it.each([
    'drop table t',
    ' \n# all of it\n  # and more\nDROP TABLE t',
    '-- all of it\ndrop table t',
    '/*!50000 drop table t */',
    '((select a from b))',
    '\u00a0drop table t',
  ])('takes %j for one', (text) => {
    expect(isSqlStatement(text)).toBe(true);
  });

  it.each([
    '',
    '#',
    '# drop table t',
    '# Tables\nTo drop table t is not wise',
    'drops table t',
    'drop_1 table t',
    "N'drop table t'",
  ])('takes %j for none', (text) => {
    expect(isSqlStatement(text)).toBe(false);
  });
});
