import { describe, expect, it } from 'vitest';
import { compilePattern } from './compile-pattern.js';
import { evilPattern } from './evil-pattern.js';
import { PatternError } from './pattern.js';

describe('compilePattern', () => {
  it.each([
    ['secret', [], 'a secret, a Secret', 'a X, a Secret'],
    ['secret', ['i'], 'a secret, a Secret', 'a X, a X'],
    ['a-b/c', [], 'a-b/c', 'X'],
    ['/', [], 'a/b', 'aXb'],
    ['déjà', ['i'], 'DÉJÀ vu', 'X vu'],
    ['🔑', [], 'a🔑b', 'aXb'],
    [String.raw`\d{3}-\d{2}`, [], '123-45 12-34', 'X 12-34'],
    [String.raw`\bfoo\b`, ['i'], 'FOO food', 'X food'],
    ['^a', ['m'], 'a\nab', 'X\nXb'],
    ['a.b', ['s'], 'a\nb', 'X'],
    [String.raw`a\.b`, [], 'a.b axb', 'X axb'],
    [String.raw`\\1`, [], String.raw`\1`, 'X'],
    [String.raw`\(\?=`, [], '(?=', 'X'],
    ['[*+]+', [], '*+', 'X'],
    ['x*', [], 'axb', 'XaXXbX'],
  ] as const)('should replace what %s %j matches', (source, flags, text, expected) => {
    const pattern = compilePattern(source, flags);
    expect(pattern.replaceAll(text, 'X')).toBe(expected);
    expect(pattern.test(text)).toBe(true);
    expect(pattern.test('~')).toBe(source === 'x*');
  });

  it('should give the spans of what is matched, twice alike', () => {
    for (const pattern of [compilePattern('ab'), compilePattern('ab|a*')]) {
      expect(pattern.spans('ab cab')).toEqual([
        { start: 0, end: 2 },
        { start: 4, end: 6 },
      ]);
      expect(pattern.spans('ab cab')).toHaveLength(2);
    }
  });

  it.each([
    ['$1', 'id'],
    ['${1}', '${1}'],
    ['<$&>', '<id=7>'],
    ['$2-$1', '7-id'],
    ['$<value>', '7'],
    ['$12', 'id2'],
    ['$3 costs $$5', '$3 costs $5'],
    ['$0', '$0'],
    [String.raw`\2\1`, '7id'],
    [String.raw`\g<value>\g<1>`, '7id'],
    [String.raw`\g<other>`, String.raw`\g<other>`],
    [String.raw`\\1`, String.raw`\1`],
  ])('should put groups into %s', (replacement, expected) => {
    const pattern = compilePattern(String.raw`(\w+)=(?P<value>\d+)`);
    expect(pattern.replaceAll('id=7;', replacement)).toBe(`${expected};`);
  });

  it.each([
    ['(?=a)b', 'look-around'],
    ['(?<!a)b', 'look-around'],
    [String.raw`(a)\1`, 'back-references'],
    ['(?P<x>a)(?P=x)', 'back-references'],
    ['a++', 'possessive'],
    ['(a', 'missing'],
    ['', 'empty'],
    ['a'.repeat(2001), 'longer than 2000'],
    ['(a{100}){10}(b{100}){10}(c{100}){10}(d{100}){10}', 'instructions'],
    ['a{1001}', 'repeat count'],
  ])('should refuse %s', (source, rule) => {
    expect(() => compilePattern(source)).toThrow(PatternError);
    expect(() => compilePattern(source)).toThrow(rule);
  });

  it('should take steps linear in the text for a pattern that is evil elsewhere', () => {
    expect(compilePattern('(a+)+$').test(`${'a'.repeat(100_000)}!`)).toBe(false);
    expect(compilePattern('(x+x+)+y').spans('x'.repeat(100_000))).toEqual([]);
  });
});

describe('evilPattern', () => {
  // The first row and the last of the evil ones: vuln-regex-detector (MIT) and regexploit (Apache-2.0).
  it.each(['(a+)+$', String.raw`(\w+)+$`, '(a|a)*$', '([a-z]+)*!', String.raw`(,*,)*(,+)[ \t]`])(
    'should tell of %s',
    (source) => {
      expect(evilPattern(source)).toMatch(/^pattern takes time/);
    },
  );

  it.each([String.raw`\bEMP\d{6}\b`, String.raw`^\d{3}-\d{2}$`, 'secret|token', String.raw`\s+$`, '(a+)?', '('])(
    'should let %s pass',
    (source) => {
      expect(evilPattern(source)).toBeUndefined();
    },
  );
});
