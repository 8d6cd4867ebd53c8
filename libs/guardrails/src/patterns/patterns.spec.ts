import { describe, expect, it } from 'vitest';
import { ContentLimitError } from '../content/content-limits.js';
import { compilePattern } from './compile-pattern.js';
import { evilPattern } from './evil-pattern.js';
import { PatternError } from './pattern.js';
import { withPatternTime } from './pattern-time.js';
import { TimeShare } from './time-share.js';

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

describe('the time of patterns', () => {
  /** A clock that goes on by a millisecond whenever it is read, which is once in so many characters. */
  const share = (ms: number): TimeShare => {
    let now = 0;
    return new TimeShare(ms, 0, () => now++);
  };
  const LONG = `${'a'.repeat(10_000)}!b`;

  it.each([
    ['an ordinary search', String.raw`\bEMP\d{6}\b`, `${LONG} EMP123456`],
    ['one without a match', '(?i)secret|token', LONG],
    ['a fixed text', 'a', LONG],
  ])('should do for %s', (_, source, text) => {
    const pattern = compilePattern(source);
    expect(withPatternTime(share(300), () => pattern.replaceAll(text, '-'))).toHaveLength(
      text.replace(/EMP\d{6}/, '-').length,
    );
  });

  it.each([
    ['searches that each look at the whole rest of a text', '[^!q]*q|a', LONG],
    ['many a search in short texts', '[^!q]*q|a', LONG.slice(-500)],
    ['more text than it is for', '(?:a?){900}b', LONG.repeat(10)],
    ['more matches than it is for', 'a', LONG.repeat(10)],
  ])('should not do for %s', (_, source, text) => {
    const pattern = compilePattern(source);
    const searches: readonly (() => unknown)[] = [() => pattern.spans(text), () => pattern.replaceAll(text, '-')];
    for (const search of searches) {
      expect(() => withPatternTime(share(30), search)).toThrow(ContentLimitError);
      expect(() => withPatternTime(share(30), search)).toThrow('30 milliseconds of patterns');
    }
  });

  it('should be that of all patterns together', () => {
    const pattern = compilePattern('[a-z]!');
    const together = share(300);
    const search = () => withPatternTime(together, () => pattern.spans(LONG));
    expect(() => {
      for (let count = 0; count < 300; count++) search();
    }).toThrow(ContentLimitError);
    expect(() => withPatternTime(together, () => compilePattern('b').test('b'))).toThrow(ContentLimitError);
  });

  it.each(['a', '[a]'])('should make of %s no text that is longer than any walk takes', (source) => {
    expect(() => compilePattern(source).replaceAll('a'.repeat(1000), 'a'.repeat(10_000))).toThrow('chars');
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
