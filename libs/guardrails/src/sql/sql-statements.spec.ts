import { describe, expect, it } from 'vitest';
import { inspectSql, type SqlRules } from './sql-statements.js';

const rules: SqlRules = {
  declared: true,
  blockedStatements: ['DROP', 'TRUNCATE', 'ALTER', 'GRANT', 'REVOKE'],
  blockDeleteWithoutWhere: true,
  blockUpdateWithoutWhere: true,
  requireParameterization: false,
  blockAttacks: true,
};
const issues = (text: string, change: Partial<SqlRules> = {}) => inspectSql(text, { ...rules, ...change }).issues;
const stripped = (text: string) => inspectSql(text, rules).stripped;

describe(inspectSql.name, () => {
  it.each([
    'SELECT a, b FROM t WHERE c = 1 ORDER BY d',
    'SELECT grant, `drop`, "alter" FROM t',
    "SELECT 'DROP TABLE x; DELETE FROM y' FROM t",
    'SELECT truncate(1.5, 1), replace(a, 1, 2) FROM t FOR UPDATE',
    'DELETE FROM t WHERE id = 1',
    "DELETE FROM t WHERE created < now() - interval '1 day'",
    'DELETE FROM t WHERE a = 1 AND 1=1',
    'DELETE FROM t WHERE 1=0',
    'WITH d AS (DELETE FROM t WHERE a = 1 RETURNING *) SELECT * FROM d',
    'INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE a = 2',
    'INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 2',
    'CREATE TABLE t (id int REFERENCES u ON DELETE CASCADE)',
    'MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (a) VALUES (1)',
    'SELECT a FROM b UNION SELECT c FROM d;',
  ])('has nothing against %j', (text) => {
    expect(issues(text)).toEqual([]);
  });

  it.each([
    ['DROP TABLE x', ['Blocked statement matched: DROP']],
    ['/*!50000 DROP TABLE x */', ['Blocked statement matched: DROP']],
    ['SELECT 1 DROP TABLE x', ['Blocked statement matched: DROP']],
    ['( alter table t add b int )', ['Blocked statement matched: ALTER']],
    ['DELETE FROM users', ['DELETE without WHERE clause']],
    ['DELETE u FROM users u JOIN t ON t.a = u.a', ['DELETE without WHERE clause']],
    ['DELETE FROM users; SELECT * FROM t WHERE a=1', ['DELETE without WHERE clause', 'Stacked statements']],
    ['DELETE FROM users -- WHERE a=1', ['DELETE without WHERE clause']],
    ['DELETE FROM users # WHERE a=1', ['DELETE without WHERE clause']],
    ['DELETE FROM users /* WHERE a=1 */', ['DELETE without WHERE clause']],
    ['explain analyze delete from t', ['DELETE without WHERE clause']],
    ['WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d', ['DELETE without WHERE clause']],
    ['IF 1=1 DELETE FROM t', ['DELETE without WHERE clause']],
    ['UPDATE t SET a=(SELECT b FROM c WHERE d=1)', ['UPDATE without WHERE clause']],
    ["SELECT '\\'; DROP TABLE x -- '", ['Blocked statement matched: DROP', 'Stacked statements']],
    ["EXEC xp_cmdshell 'dir'", ['EXEC of a procedure', 'EXEC of a system procedure']],
    ['SELECT a FROM b UNION SELECT password FROM users', ['UNION with a sensitive table']],
    ['SELECT a FROM b UNION SELECT c FROM information_schema.tables', ['UNION with a sensitive table']],
    ["SELECT a INTO OUTFILE '/tmp/x' FROM t", ['INTO OUTFILE writes a file']],
  ])('objects to %j', (text, expected) => {
    expect(issues(text)).toEqual(expected);
  });

  it.each([
    '1=1',
    "'a'='a'",
    'id = id',
    '(((1)))',
    'true',
    'a=1 OR 1=1',
    'NOT 1=2',
    'a IS NULL OR a IS NOT NULL',
    '1 < 2',
    'exists (select 1)',
    "a LIKE '%'",
  ])('takes WHERE %s for none', (condition) => {
    expect(issues(`DELETE FROM t WHERE ${condition}`)).toEqual(['DELETE with a WHERE clause that is always true']);
    expect(issues(`UPDATE t SET a=1 WHERE ${condition}`)).toEqual(['UPDATE with a WHERE clause that is always true']);
  });

  it('takes patterns of one verb for the verb', () => {
    expect(issues('DROP TABLE x', { blockedStatements: ['\\bDROP\\b'] })).toEqual([
      'Blocked statement matched: \\bDROP\\b',
    ]);
  });

  it.each([
    'please drop by the office',
    'drop by the office',
    'Drop it',
    'Grant access to Bob',
    'grant me the wisdom',
    'truncate the text',
    'Alter the table and drop the chair',
    'alter ego',
    'Update the docs set',
    'update my profile set to private',
    'Delete all emails from the inbox',
    'delete from my heart',
    'Select one of the options from the list',
    'exec summary',
    'Create table of contents',
  ])('takes %j for prose where a field may hold anything', (text) => {
    expect(inspectSql(text, { ...rules, declared: false })).toEqual({ issues: [], stripped: text });
  });

  it.each([
    'DROP TABLE users',
    'delete from users',
    'UPDATE users SET a = 1',
    'select * from t; drop table x',
    'DELETE FROM [users]',
  ])('takes %j for SQL in any field', (text) => {
    expect(issues(text, { declared: false })).not.toEqual([]);
  });

  it.each(['constructor of the table', '__proto__ from x', 'toString'])('knows no verb in %j', (text) => {
    expect(issues(text, { declared: false })).toEqual([]);
  });

  it('asks for parameters where literals are compared or stored', () => {
    const parameters = { requireParameterization: true };
    const issue = ['Possible non-parameterized interpolation detected'];
    expect(issues("SELECT * FROM t WHERE a = 'x'", parameters)).toEqual(issue);
    expect(issues("SELECT * FROM t WHERE a IN (1, 'x')", parameters)).toEqual(issue);
    expect(issues("INSERT INTO t VALUES (1, 'x')", parameters)).toEqual(issue);
    expect(issues("SELECT date_trunc('day', a) FROM t WHERE b = $1 AND c = ?", parameters)).toEqual([]);
  });

  it.each([
    ['SELECT a -- b', 'SELECT a'],
    ['SELECT/* b */a', 'SELECT a'],
    ["SELECT '--', '/* a */' -- b", "SELECT '--', '/* a */'"],
    ['SELECT /*!40001 SQL_NO_CACHE */ a', 'SELECT /*!40001 SQL_NO_CACHE */ a'],
    ['SELECT 5--1', 'SELECT 5--1'],
    ['SELECT a', 'SELECT a'],
  ])('strips %j to %j', (text, expected) => {
    expect(stripped(text)).toBe(expected);
  });

  it.each([
    ['SELECT ' + '('.repeat(10_000) + '1' + ')'.repeat(10_000), 'SQL is too long to be inspected'],
    ['SELECT ' + '1,'.repeat(60_000), 'SQL is too long to be inspected'],
    ['then delete x '.repeat(5_000), 'SQL is too long to be inspected'],
  ])('refuses what it cannot read to the end', (text, issue) => {
    expect(issues(text)).toContain(issue);
  });
});
