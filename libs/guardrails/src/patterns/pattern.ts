/** A stretch of a text, in UTF-16 offsets; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** An operator's regular expression. Its methods throw a ContentLimitError on what takes longer than `withPatternTime` says. */
export interface Pattern {
  readonly source: string;
  test(text: string): boolean;
  /** What it matches, from left to right and disjoint; matches of nothing are left out. */
  spans(text: string): readonly Span[];
  /**
   * The text with every match replaced.
   * @param replacement `$1`, `$<name>`, `$&` and `$$` mean what they mean in JavaScript, `\1`, `\g<1>`, `\g<name>` and
   * `\\` what they mean in Python. What names no group stands for itself; a group that took no part is empty.
   */
  replaceAll(text: string, replacement: string): string;
}

export type PatternFlag = 'i' | 'm' | 's';

/** The pattern can't be run, and which rule of the syntax says so. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}
