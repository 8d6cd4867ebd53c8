import type { JsonObject } from '#libs/mcp';
import type { PluginCase } from '../../plugin-case.js';

const shipped = { fields: ['sql', 'query', 'statement'] };
const blocked = { blocked: 'SQL_SANITIZER' } as const;
const hit = (title: string, args: JsonObject, config: JsonObject = {}): PluginCase => ({
  title,
  config,
  call: { args },
  expect: blocked,
});
const fine = (title: string, args: JsonObject, config: JsonObject = {}): PluginCase => ({
  title,
  config,
  call: { args },
  expect: 'unchanged',
});
const rewritten = (title: string, args: JsonObject, made: JsonObject, config: JsonObject = {}): PluginCase => ({
  title,
  config,
  call: { args },
  expect: { args: made },
});

export const SQL_SANITIZER_CASES: readonly PluginCase[] = [
  hit('a statement that is blocked', { query: 'DROP TABLE users' }),
  hit('in a field that is named', { query: 'truncate table users' }, shipped),
  hit('DELETE of everything', { sql: 'DELETE FROM users' }),
  hit('a WHERE of a later statement', { sql: 'DELETE FROM users; SELECT 1 FROM t WHERE a = 1' }),
  hit('a WHERE in a comment', { sql: 'DELETE FROM users -- WHERE id = 1' }),
  hit('a WHERE that is always true', { sql: 'DELETE FROM users WHERE 1=1' }),
  hit('UPDATE of everything', { sql: 'UPDATE users SET admin = 1' }),
  hit('a stacked statement', { sql: 'SELECT 1; SELECT 2' }),
  hit('a system procedure', { sql: "EXEC xp_cmdshell 'dir'" }),
  hit('UNION with credentials', { sql: 'SELECT a FROM b UNION SELECT password FROM users' }),
  hit('a comment that MySQL executes', { sql: 'SELECT 1 /*!50000 ; DROP TABLE users */' }),
  hit('deep in the arguments', { a: [{ b: { query: 'drop table users' } }] }, shipped),
  hit('in a list', { sql: ['SELECT 1', 'DROP TABLE users'] }, shipped),
  hit('in JSON in a string', { body: '{"sql":"DROP TABLE users"}' }, shipped),
  hit('in base64', { query: Buffer.from('DROP TABLE customers').toString('base64') }),
  hit('a fragment that breaks out of a value', { name: "x' OR '1'='1" }),
  hit('a fragment as a key', { "x' OR '1'='1": 1 }),
  hit('a fragment in a field of SQL', { query: "1' UNION SELECT password FROM users --" }, shipped),
  {
    title: 'a fragment as the argument of a prompt',
    call: { kind: 'prompt', args: { name: "1' OR 1=1 --" } },
    expect: blocked,
  },
  hit('a verb of the configuration', { sql: 'CALL cleanup()' }, { blocked_statements: ['call'] }),
  hit('a pattern of the configuration', { sql: 'VACUUM  FULL t' }, { blocked_statements: [String.raw`vacuum\s+full`] }),
  hit('a value in a statement', { sql: "SELECT a FROM t WHERE b = 'x'" }, { require_parameterization: true }),
  hit('a verb, in a field that is SQL', { query: 'drop by the office' }, shipped),
  fine('a verb, in a question', { query: 'drop by the office' }),
  fine('a parameter in a statement', { sql: 'SELECT a FROM t WHERE b = $1' }, { require_parameterization: true }),
  fine('a field that is not named', { note: 'DROP TABLE users' }, shipped),
  fine('a query', { sql: "SELECT id FROM users WHERE name = 'O''Brien' ORDER BY id" }),
  fine('a UNION of plain tables', { sql: "SELECT a FROM b WHERE c = 'x' UNION SELECT d FROM e" }, shipped),
  fine('what is deleted by its number', { sql: 'DELETE FROM users WHERE id = 7' }),
  fine('a verb in a literal', { sql: "SELECT a FROM t WHERE b = 'DROP TABLE users'" }),
  fine('prose about SQL', { text: 'Please select a date from the list, or delete the row.' }),
  fine('a name with an apostrophe', { name: "O'Brien -- the elder" }),
  fine('DELETE of everything, where it may', { sql: 'DELETE FROM t' }, { block_delete_without_where: false }),
  fine('a fragment, where none is looked for', { name: "x' OR '1'='1" }, { detect_injection: false }),
  fine('an issue that is only noted', { sql: 'DROP TABLE users' }, { block_on_violation: false }),
  rewritten('a comment', { sql: 'SELECT a FROM t -- all of it' }, { sql: 'SELECT a FROM t' }),
  rewritten('a comment deep inside', { a: { sql: 'SELECT /* b, */ a FROM t' } }, { a: { sql: 'SELECT   a FROM t' } }),
  fine('no comment, but in a literal', { sql: "SELECT a FROM t WHERE b = '-- /* x */'" }),
  fine('a comment that stays', { sql: 'SELECT a FROM t -- x' }, { strip_comments: false }),
];
