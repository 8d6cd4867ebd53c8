import type { Detector } from '../detector.js';
import type { Finding } from '../finding.js';
import { readFragment } from './fragment-reader.js';
import type { FragmentRule } from './fragment-state.js';
import { brokenQuote, loneOperator, unionOfValue, unmistakable } from './sql-triggers.rules.js';

/** How many places of a text are read from. */
const mostPlaces = 64;
/** In characters: what is read from one place. */
const longestFragment = 16_384;
/** In characters: a longer text is no value of a form. */
const longestForm = 4_096;

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
  brokenQuote.lastIndex = 0;
  for (let place = 0; place < mostPlaces; place++) {
    const match = brokenQuote.exec(text);
    if (match === null) return undefined;
    const at = match.index + 1;
    const found = read(text, at, match[0][0]!);
    if (found !== undefined) return found;
    brokenQuote.lastIndex = at;
  }
  return undefined;
}

/** Code behind other text, such as that of an address: `https://example.com/?id=1 union select`. */
function inside(text: string): Finding | undefined {
  for (const { rule, mark, pattern } of unmistakable) {
    const match = text.includes(mark) ? pattern.exec(text) : null;
    if (match !== null) return finding(rule, match.index, match.index + match[0].length);
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

/** Forms send spaces as `+`; the offsets stay what they are. Empty where nothing is sent so. */
function withSpaces(text: string): string {
  return text.length < longestForm && text.includes('+') && !/\s/.test(text) ? text.replaceAll('+', ' ') : '';
}
