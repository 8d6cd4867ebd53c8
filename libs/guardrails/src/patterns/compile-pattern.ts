import { RE2JS, RE2JSException } from 're2js';
import { LinearPattern } from './linear-pattern.js';
import { LiteralPattern } from './literal-pattern.js';
import { type Pattern, PatternError, type PatternFlag } from './pattern.js';

/** UTF-16 units of a pattern. */
const MOST_SOURCE = 2000;
/** Instructions; the time for a text is at most this many steps a character. */
const MOST_INSTRUCTIONS = 3000;
const OPERATOR = /[\\^$.*+?()[\]{}|]/;
const SURROGATE = /\p{Surrogate}/u;
/** What no engine of linear time can do, and what to call it. */
const BEYOND: readonly (readonly [RegExp, string])[] = [
  [/\(\?<?[=!]/, 'look-around, such as (?=…) or (?<!…), is not supported'],
  [/\\(?:[1-9]|k<)|\(\?P=/, 'back-references, such as \\1, are not supported'],
  [/\(\?>|[*+?}]\+/, 'atomic groups and possessive quantifiers are not supported'],
];

/**
 * Compiles an operator's regular expression in the syntax of RE2, which of Python's and JavaScript's has all but
 * look-around and back-references.
 * @param flags `i` ignores case, with `m` the anchors match at lines, with `s` the dot matches line breaks
 * @throws PatternError
 */
export function compilePattern(source: string, flags: readonly PatternFlag[] = []): Pattern {
  if (source === '') throw new PatternError('pattern is empty');
  if (source.length > MOST_SOURCE) throw new PatternError(`pattern is longer than ${MOST_SOURCE} characters`);
  if (!OPERATOR.test(source) && !SURROGATE.test(source)) return new LiteralPattern(source, flags.includes('i'));
  const compiled = compile(source, flags);
  if (compiled.programSize() > MOST_INSTRUCTIONS) {
    throw new PatternError(`pattern compiles to more than ${MOST_INSTRUCTIONS} instructions`);
  }
  return new LinearPattern(source, compiled);
}

function compile(source: string, flags: readonly PatternFlag[]): RE2JS {
  const bits =
    (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) |
    (flags.includes('m') ? RE2JS.MULTILINE : 0) |
    (flags.includes('s') ? RE2JS.DOTALL : 0);
  try {
    return RE2JS.compile(RE2JS.translateRegExp(source), bits);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const rule = BEYOND.find(([syntax]) => syntax.test(source))?.[1] ?? error.message;
    throw new PatternError(`pattern: ${rule}`, { cause: error });
  }
}
