import { describe, expect, it } from 'vitest';
import { parseSql } from './sql-parser.js';

describe(parseSql.name, () => {
  it.each([
    ['SELECT a FROM b', 'select'],
    ['DELETE FROM `t` WHERE a = 1 LIMIT 1', 'delete'],
    ['SELECT TOP 1 a FROM [b]', 'select'],
  ])('parses %j in the dialect that knows it', (text, type) => {
    expect(parseSql(text)?.[0]?.type).toBe(type);
  });

  it.each([
    ['nested deeply', `SELECT ${'cast('.repeat(5)}1${' as int)'.repeat(5)}`],
    ['never closed', 'SELECT * FROM t WHERE (a = 1'],
    ['long', `SELECT ${'a, '.repeat(200)}b`],
    ['no SQL', 'Well, no: it is not!'],
  ])('leaves alone what is %s', (_, text) => {
    expect(parseSql(text)).toBeUndefined();
  });
});
