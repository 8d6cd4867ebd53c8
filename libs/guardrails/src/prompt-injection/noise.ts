import type { Traits } from './phrase-rules.js';
import type { Reason } from './window-score.js';

/** One token, many times: it pushes instructions out of attention. */
const REPEATED = /(?<![^\s])(\S{1,24})(?:\s{1,2}\1){15,}/;
/** Joins that neither prose nor code has: `oppositeley.](`, `giving**ONE`, `.\ +`. */
const JOINS =
  /[a-z][.!?]\]\(|[a-z]\*\*[A-Z]|\.\\ ?\+|[a-z]{3}[A-Z][a-z]{3}|\\[!"]-?-|[a-z]\{\\?"|;\)\)|[?!]\w*\(["']|\w\?{2,}\w|[\]}][({][a-zA-Z]|"\\?!--|(?<=\s)[.?!]\s?[({[]\w|[a-z]\{[a-z]|\]\s?[A-Z][a-z]+\(|\\\w+\{[A-Z]/g;
/** UTF-16 units: a machine-made suffix is short, and so is the request that it follows. */
const LONGEST = 1200;
const TAIL = 200;

/** Noise that only a search for a weakness writes. */
export function noise(text: string, traits: Traits): readonly Reason[] {
  const found: Reason[] = [];
  const repeated = traits.repeats >= 15 || text.includes('! ! ! ! ! !') ? REPEATED.exec(text) : null;
  if (repeated !== null && !/^[-=*_.#~|+:\d,]*$/.test(repeated[1] ?? '')) {
    found.push(reason('repeated_token', 0.35, repeated.index, repeated.index + repeated[0].length));
  }
  if (text.length < LONGEST && !text.includes('\n')) {
    const from = Math.max(0, text.length - TAIL);
    const joins = [...text.slice(from).matchAll(JOINS)];
    const before = from > 0 ? (text.slice(0, from).match(JOINS)?.length ?? 0) : 0;
    if (joins.length >= 3 && before === 0)
      found.push(reason('adversarial_suffix', 0.5, from + (joins[0]?.index ?? 0), text.length));
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
