import { Lexicon } from './lexicon.js';
import { isWhole, type Scan } from './scan.js';
import { BRIEF } from './stretches.js';
import { SHORT_ID_RULES, SHORT_ID_WORDS } from './short-ids.rules.js';

const WORDS = new Lexicon(Object.entries(SHORT_ID_WORDS));
const ANY = new RegExp(`(?<!\\w)(?:${SHORT_ID_RULES.map(({ pattern }) => pattern.source).join('|')})(?!\\w)`, 'i');
/** What of one may stand outside the stretch: `HH-AB-`, ` ABC`. */
const [BEFORE, BEHIND] = [8, 6];
/** `M11AA` and `HRB 1`. */
const LEAST = 5;

/** Postcodes, vehicle registrations and the like: by themselves, beside a word for them, or in a form of their own. */
export function findShortIds(scan: Scan, from: number, to: number): void {
  const { text } = scan;
  const begin = Math.max(0, from - BEFORE);
  const stretch = text.slice(begin, to + BEHIND);
  if (stretch.length < LEAST || !ANY.test(stretch)) return;
  for (const { rule, type, pattern, topic, distinct, needsWord } of SHORT_ID_RULES)
    for (const { 0: value, index } of stretch.matchAll(pattern)) {
      const start = begin + index;
      const end = start + value.length;
      if (!isWhole(text, start, end) || !scan.freeForWeak(start, end)) continue;
      const isAlone = scan.alone(start, end);
      if (value !== value.toUpperCase() && !(text.length <= BRIEF && /[ -]/.test(value))) continue;
      const isTold = WORDS.topics(scan.near(start, end)).has(topic);
      if (isTold || distinct?.test(value)) scan.add(type, rule, start, end, isTold ? 0.9 : 0.7);
      else if (isAlone && !needsWord) scan.add(type, rule, start, end, 0.5);
    }
}
