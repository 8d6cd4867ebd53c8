import { entropy } from './randomness.js';
import { isMasked } from './placeholder.js';

/** A secret that is known by its own form. */
export interface TokenRule {
  readonly type: string;
  /** Without one of these, in whatever case, the text is not looked at. */
  readonly literals: readonly string[];
  /** Sticky. The secret is the last group that took part, or all of the match; the match ends with it. */
  readonly pattern: RegExp;
  /** The literal stands inside the token: up to how many characters before the literal the token may begin. */
  readonly back: number;
  /** Whether the token may begin in the middle of a word. */
  readonly inWord: boolean;
  /** How sure the finding is; 0 drops it. */
  readonly score: Score;
}

type Score = (secret: string, match: RegExpExecArray) => number;

interface Options {
  readonly back?: number;
  readonly inWord?: true;
  readonly ignoreCase?: true;
  readonly score?: Score;
}

const unlessMasked = (secret: string) => (isMasked(secret) || entropy(secret) < 2 ? 0 : 0.95);

/**
 * @param literals separated by spaces
 * @param source linear: bounded repeats, none nested; what follows the match may not be a character of a word
 */
export function token(type: string, literals: string, source: string, options: Options = {}): TokenRule {
  return {
    type,
    literals: literals.split(' '),
    pattern: new RegExp(`(?:${source})(?!\\w)`, options.ignoreCase ? 'iy' : 'y'),
    back: options.back ?? 0,
    inWord: options.inWord ?? false,
    score: options.score ?? unlessMasked,
  };
}

/** For what is a secret whatever its characters are. */
export const always = { score: () => 0.95 };
