import type { CompiledTemplate } from './template.js';
import { letterOf } from './vocabulary.js';
import type { WordClass } from './words.rules.js';

const letter = (name: WordClass): string => String.fromCharCode(letterOf(name));
const [SAYING, JUDGING, NOT, PROUD, FICTION, MACHINE, ACCOUNT, ME, SUPPORT] = (
  ['saying', 'judging', 'not', 'proud', 'fiction', 'machine', 'account', 'me', 'support'] as const
).map(letter) as [string, string, string, string, string, string, string, string, string];

/** Words. What has no full stop for so long is cut into sentences of this many. */
const LONGEST_SENTENCE = 64;
export function sentenceStart(line: string, from: number): number {
  const least = from - (from % LONGEST_SENTENCE);
  let at = from;
  while (at > least && line[at - 1] !== '.') at--;
  return at;
}
function sentenceEnd(line: string, to: number): number {
  const most = Math.min(line.length, to + LONGEST_SENTENCE);
  let at = to;
  while (at < most && line[at] !== '.') at++;
  return at;
}

const anyIn = (line: string, letters: string, from: number, to: number): boolean => {
  for (let i = Math.max(0, from); i < to && i < line.length; i++) if (letters.includes(line[i]!)) return true;
  return false;
};

/** What is left of a match, 0 to 1, after the company it stands in: quoted and judged, denied, played, computed, reported. */
export function company(template: CompiledTemplate, line: string, from: number, to: number): number {
  const begin = sentenceStart(line, from);
  const stop = sentenceEnd(line, to);
  let left = 1;
  const outside = (letters: string): boolean => anyIn(line, letters, begin, from) || anyIn(line, letters, to, stop);
  if (template.category === 'hate' || template.category === 'harassment') {
    const quoted = line.slice(begin, from).includes('"') && line.slice(to - 1, stop).includes('"');
    if (outside(JUDGING)) left *= 0.35;
    else if (quoted) left *= outside(SAYING) ? 0.4 : 0.5;
    else if (anyIn(line, SAYING, from - 5, from)) left *= 0.45;
    if (anyIn(line, PROUD, begin, stop)) left *= 0.5;
    if (template.rule === 'insult' && anyIn(line, ME, from, to)) left *= 0.4;
    if (template.rule === 'slur' && anyIn(line, ME, from - 2, from)) left *= 0.6;
  }
  if (!template.negated && anyIn(line, NOT, from - 3, to)) left *= 0.35;
  if (template.category === 'violence' || template.rule === 'instructions') {
    if (anyIn(line, FICTION + MACHINE, begin, stop)) left *= 0.3;
    if (anyIn(line, ACCOUNT, begin, stop)) left *= 0.5;
  }
  if (template.rule === 'topic' && anyIn(line, ACCOUNT + SUPPORT, begin, stop)) left *= 0.5;
  return left;
}
