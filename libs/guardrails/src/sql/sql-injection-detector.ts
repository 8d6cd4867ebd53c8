import type { Detector } from '../detector.js';
import type { Finding } from '../finding.js';
import { readFragment } from './fragment-reader.js';
import type { FragmentRule } from './fragment-state.js';
import { MarkFinder } from '../mark-finder.js';
import { behindQuote, brokenQuote, loneOperator, quotes, unionOfValue, unmistakable } from './sql-triggers.rules.js';

/** How many places of a text are read from. */
const mostPlaces = 64;
/** In characters: what is read from one place. */
const longestFragment = 16_384;
/** In characters: a longer text is no value of a form. */
const longestForm = 4_096;

/** In front of a mark, and one more: as many as in any of the patterns. */
const mostSpaces = 17;

/** A text that is a statement from its first word is SQL, but nobody has injected it into anything. */
const scores: Readonly<Partial<Record<FragmentRule, number>>> = { statement: 0.5, sql_functions: 0.6 };

/**
 * Finds fragments of SQL that break out of the value they were given for. A text is read as the server would read it
 * behind `= `, behind `= '` and behind `= "`, and again wherever a quote or a UNION could begin the fragment.
 */
export class SqlInjectionDetector implements Detector {
  find(text: string): readonly Finding[] {
    if (text.length < 32 && loneOperator.test(text)) return [finding('quote_break', 0, text.length)];
    const found = search(text) ?? search(withSpaces(text));
    return found === undefined ? [] : [found];
  }
}

function search(text: string): Finding | undefined {
  if (text === '') return undefined;
  return read(text, 0, '') ?? behindQuotes(text) ?? inside(text);
}

function read(text: string, at: number, quote: string): Finding | undefined {
  const fragment = readFragment(text.slice(0, at + longestFragment), at, quote);
  return fragment && finding(fragment.rule, quote === '' ? at : at - 1, text.slice(0, fragment.end).trimEnd().length);
}

function finding(rule: FragmentRule, start: number, end: number): Finding {
  return { type: 'sql_injection', start, end, score: scores[rule] ?? 0.9, rule };
}

function behindQuotes(text: string): Finding | undefined {
  const finder = new MarkFinder(text, quotes);
  let places = 0;
  for (let quote = finder.next(0); quote < text.length && places < mostPlaces; quote = finder.next(quote + 1)) {
    if (!mayBreak(text, quote + 1) || !matches(brokenQuote, text, quote)) continue;
    const found = read(text, quote + 1, text[quote]!);
    if (found !== undefined) return found;
    places++;
  }
  return undefined;
}

/** Sooner told than by the pattern. */
function mayBreak(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && (isSpace(text.charCodeAt(at)) || text[at] === ')')) at++;
  return at < text.length && ((behindQuote[text.charCodeAt(at)]! >> (text.charCodeAt(at + 1) & 31)) & 1) === 1;
}

/** What is not ASCII counts as one too: the patterns know better. */
function isSpace(code: number): boolean {
  return code <= 32 || code > 127;
}

function matches(sticky: RegExp, text: string, at: number): boolean {
  sticky.lastIndex = at;
  return sticky.test(text);
}

/** Code behind other text, such as that of an address: `https://example.com/?id=1 union select`. */
function inside(text: string): Finding | undefined {
  for (const { rule, mark, behind, pattern } of unmistakable) {
    for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
      if (!behind.includes(lastBefore(text, at))) continue;
      pattern.lastIndex = at;
      const match = pattern.exec(text);
      if (match !== null) return finding(rule, at - match[1]!.length, at + match[0].length);
    }
  }
  unionOfValue.lastIndex = 0;
  for (let place = 0; place < mostPlaces; place++) {
    const match = unionOfValue.exec(text);
    if (match === null) return undefined;
    const found = read(text, match.index, '\0');
    if (found !== undefined) return { ...found, start: match.index };
  }
  return undefined;
}

/** The last character in front of a place that is no space, or the last space of too many; empty where there is none. */
function lastBefore(text: string, place: number): string {
  let at = place - 1;
  while (at > place - mostSpaces && isSpace(text.charCodeAt(at))) at--;
  return text.charAt(at);
}

/** Forms send spaces as `+`; the offsets stay what they are. Empty where nothing is sent so. */
function withSpaces(text: string): string {
  return text.length < longestForm && text.includes('+') && !/\s/.test(text) ? text.replaceAll('+', ' ') : '';
}
