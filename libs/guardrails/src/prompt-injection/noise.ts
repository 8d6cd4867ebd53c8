import type { Traits } from './words.js';
import type { Reason } from './window-score.js';

/** One token, many times: it pushes instructions out of attention. */
const REPEATED = /(?<![^\s])(\S{1,24})(?:\s{1,2}\1){15,}/;
/** Rulers and cells of tables repeat, too. */
const RULER = /^[-=*_.#~|+:\d,]*$/;
/** A request in plain words, before the noise. */
const REQUEST = /^[A-Za-z][A-Za-z']*(?:[ ,]{1,2}[A-Za-z][A-Za-z'.-]*){5}/;
/** Joins that prose does not have: `oppositeley.](`, `giving**ONE`, `.\ +`, `similarlyNow`. */
const JOINS: readonly RegExp[] = [
  /[a-z][.!?]?\]\s?[({]/,
  /[a-z]\*\*[A-Z]/,
  /[.!?]\\ ?\+/,
  /[a-z]{4}[A-Z][a-z]{2}/,
  /\\[!"]-?-/,
  /[a-z][{(]\\?["!]/,
  /;\)\)|\}\}\s\w|\(\{!?\s/,
  /\s[.?!]\s?[({[]/,
  /\\\w+\{|>>> ?[{"]/,
];
/** UTF-16 units: a machine-made suffix is short, and so is the request that it follows. */
const LONGEST = 1200;
const TAIL = 160;

/** Noise that only a search for a weakness writes. */
export function noise(text: string, traits: Traits): readonly Reason[] {
  const found: Reason[] = [];
  const repeated = traits.repeats >= 15 || text.includes('! ! ! ! ! !') ? REPEATED.exec(text) : null;
  if (repeated !== null && !RULER.test(repeated[1] ?? '')) {
    found.push(reason('repeated_token', 0.35, repeated.index, repeated.index + repeated[0].length));
  }
  if (text.length < LONGEST && !text.includes('\n') && REQUEST.test(text)) {
    const from = Math.max(0, text.length - TAIL);
    const [head, tail] = [text.slice(0, from), text.slice(from)];
    const odd = JOINS.filter((join) => join.test(tail) && !join.test(head));
    if (odd.length >= 3) found.push(reason('adversarial_suffix', 0.5, from, text.length));
  }
  return found;
}

const reason = (rule: string, weight: number, start: number, end: number): Reason => ({
  family: 'noise',
  rule,
  weight,
  start,
  end,
});
