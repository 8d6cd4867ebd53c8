import { RE2JS, RE2JSException } from 're2js';
import { LinearPattern } from './linear-pattern.js';
import { LiteralPattern } from './literal-pattern.js';
import { type Pattern, PatternError, type PatternFlag } from './pattern.js';

/** UTF-16 units of a pattern. */
const MOST_SOURCE = 2000;
/** The time of one search in a text is at most this many steps a character. */
const MOST_INSTRUCTIONS = 3000;
/** Bytes of what an engine keeps of the texts that it has seen, of 8 MB by itself. */
const MOST_MEMORY = 128 * 1024;
const OPERATOR = /[\\^$.*+?()[\]{}|]/;
const SURROGATE = /\p{Surrogate}/u;
/** What no engine of linear time can do, and what to call it. */
const BEYOND: readonly (readonly [RegExp, string])[] = [
  [/\(\?<?[=!]/, 'look-around, such as (?=…) or (?<!…), is not supported'],
  [/\\(?:[1-9]|k<)|\(\?P=/, 'back-references, such as \\1, are not supported'],
  [/\(\?>|[*+?}]\+/, 'atomic groups and possessive quantifiers are not supported'],
];

let [mostInstructions, instructionsLeft] = [Infinity, Infinity];

/** What this work compiles, before it waits for anything, has at most so many instructions together. */
export function withInstructions<T>(most: number, work: () => T): T {
  mostInstructions = instructionsLeft = most;
  try {
    return work();
  } finally {
    mostInstructions = instructionsLeft = Infinity;
  }
}

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
  if ((instructionsLeft -= compiled.programSize()) < 0) {
    throw new PatternError(`pattern makes all patterns together compile to more than ${mostInstructions} instructions`);
  }
  const { dfa } = compiled.re2();
  dfa.stateBudget = dfa.memBudget = MOST_MEMORY;
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
