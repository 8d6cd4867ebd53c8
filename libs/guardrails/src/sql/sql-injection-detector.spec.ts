import { describe, expect, it } from 'vitest';
import { pumped } from '../../../../test/fixtures/pumped.js';
import { SqlInjectionDetector } from './sql-injection-detector.js';

const detector = new SqlInjectionDetector();
const rule = (text: string) => detector.find(text)[0]?.rule;

describe(SqlInjectionDetector.name, () => {
  it.each([
    ['1 OR 1=1', 'tautology'],
    ["' or 'a'='a", 'tautology'],
    ['x" or ("1")=("1', 'tautology'],
    ['1)) or ((2<3', 'tautology'],
    ['name or a=a', 'tautology'],
    ['1 && 5 like 5', 'tautology'],
    ['1/**/or/**/1=1', 'tautology'],
    ['1/*!50000or*/1=1', 'tautology'],
    ['1+or+1=1', 'tautology'],
    ['1 having 1=1', 'tautology'],
    ['https://example.com/?id=5 or 1=1', 'tautology'],
    ["' or username like '%", 'quote_break'],
    ["1'*column-0-'0", 'quote_break'],
    ["x' OR 'y", 'quote_break'],
    ["'||'", 'quote_break'],
    ["x' and email is null; --", 'condition'],
    ["' or true -- x", 'condition'],
    ["admin'--", 'comment_tail'],
    ["admin' #", 'comment_tail'],
    ['1*1/*', 'comment_tail'],
    ['-1 union select 1,2,3', 'union_select'],
    ["x' UNION ALL SELECT null, password FROM users--", 'union_select'],
    ['1%0aunion select'.replace('%0a', '\n'), 'union_select'],
    ['1#x\nunion#y\nselect version()', 'union_select'],
    ['https://example.com/?id=1 union select a,b from c', 'union_select'],
    ['(select id from users limit 1,1)', 'subselect'],
    ["' and 1=(select count(*) from tab) --", 'subselect'],
    ['1 and sleep(5)', 'attack_function'],
    ["x' and extractvalue(1,concat(0x7e,version()))-- ", 'attack_function'],
    ['pg_sleep(5)--', 'attack_function'],
    ['456+ascii(substring(passwd,1,1))-10', 'sql_functions'],
    ["1' order by 10#", 'order_probe'],
    ["1' into outfile '/tmp/x'-- ", 'file_access'],
    ["x'; DROP TABLE users;--", 'stacked_statement'],
    ["1; waitfor delay '0:0:5'--", 'stacked_statement'],
    ["x'exec master..xp_cmdshell 'ping'", 'stacked_statement'],
    ['https://example.com/?id=5; drop table t', 'stacked_statement'],
    ['21 update t set a=char(60)', 'stacked_statement'],
    ["y'; declare @q varchar(99) set @q = 0x41", 'stacked_statement'],
    ["select name from t where id='1'", 'statement'],
    ['drop table users', 'statement'],
  ])('finds %j: %s', (text, expected) => {
    expect(rule(text)).toBe(expected);
  });

  it.each([
    '',
    "don't",
    "Rock 'n' roll",
    'Please select one of the options, or drop by the office.',
    "It's the union's choice: select a delegate from the list or abstain",
    "O'Brien and O'Neill or O'Hara",
    'The union selected a committee from its members',
    'Drop the table at the door',
    'update the docs and set the date',
    'He said "or else" and left',
    'necklace length 16" or 18"',
    "5' - 6' tall",
    '10 or less',
    'two and two = 4',
    'SMALL "&" SIGN',
    '11-11-11',
    'select all, delete or insert',
    'grant access to Bob; revoke it later',
    "status = 'open' and priority = 'high'",
    '-- Ann',
    'bob@example.com --',
    '> quoted\n> text -- Ann',
    'a,b,"c d",1\nd,e,"f",2',
    '| a | b |\n|---|---|\n| 1 | `or` |',
    '{"a":"b","c":[1,2],"or":"select"}',
    "if (a === 'x' || b !== 'y') return 'z';",
    "const a = 'x' + b + 'y';",
    "url.split('/').join('/');",
    'for (let i = 0; i < 10; i++) { x--; }',
    '<a href="x" class=\'y\'>select</a>',
    '# select\n\nUse `union` or `select`',
    "dict['a'] and dict['b'] or None",
    'case closed, end of story',
  ])('lets %j pass', (text) => {
    expect(detector.find(text)).toEqual([]);
  });

  it('says where: from the quote that is broken out of', () => {
    const text = "name's x' or 1=1 and so on";
    expect(detector.find(text)).toEqual([{ type: 'sql_injection', start: 8, end: 16, score: 0.9, rule: 'tautology' }]);
    expect(text.slice(8, 16)).toBe("' or 1=1");
  });

  it('thinks less of a statement that nothing was broken for', () => {
    expect(detector.find('drop table users')[0]!.score).toBeLessThan(detector.find("' or 1=1--")[0]!.score);
  });

  it.each(["' or ", '\'+"', "\\'", "'/*", '(', "'in(", '1 union(', "';if 1 ", '/*', '$a$', "'and "])(
    'reads a long repetition of %j in linear time',
    (pump) => {
      detector.find(pumped(pump));
    },
  );
});
