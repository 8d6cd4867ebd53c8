import { type FoldedText } from './folded-text.js';
import { family } from './phrase-rules.js';
import type { Traits } from './words.js';

/** A text that another one hides, and where. */
export interface Disguised {
  readonly rule: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const SPACED = /(?<![a-z])(?:[a-z][ ._*-]){5,200}[a-z](?![a-z])/g;
const LEET: Readonly<Record<string, string>> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', '@': 'a', $: 's' };
const LEET_WORTH_READING =
  /^(?:ignor|disreg|forge|previ|instr|promp|syste|passw|secre|jailb|revea|overr|bypas|prete|unfil)/;
/** Characters of a word that may have digits for letters; longer ones are identifiers and digests. */
const LONGEST_WORD = 14;
/** Characters that are decoded of one run. */
const LONGEST_RUN = 8192;

/** Words that are rare except in an order that was put through ROT13, or written backwards. */
export const DISGUISE_RULES = family('disguise', [
  ['rot13', 0, 'vtaber|qvfertneq|sbetrg|flfgrz|vafgehpgvbaf|cnffjbeq|erirny', ''],
  ['reversed', 0, 'erongi|dragersid|snoitcurtsni|tpmorp|drowssap', ''],
]);

/**
 * What the text says once its encoded and spaced pieces, its digits for letters, its ROT13 and its reversal are undone.
 * @param hits the names of the rules that met
 */
export function disguises(
  text: string,
  folded: FoldedText,
  traits: Traits,
  hits: ReadonlySet<string>,
): readonly Disguised[] {
  const found = decoded(text, folded, traits);
  const whole = (rule: string, plain: string): Disguised => ({ rule, text: plain, start: 0, end: text.length });
  if (traits.spacedLetters >= 6) found.push(whole('spaced_letters', folded.text.replace(SPACED, unspace)));
  if (traits.mixed.length >= 2) {
    const plain = unleet(folded.text, traits.mixed);
    if (plain !== undefined) found.push(whole('digits_for_letters', plain));
  }
  if (hits.has('rot13')) found.push(whole('rot13', folded.text.replace(/[a-z]/g, unshift)));
  if (hits.has('reversed')) found.push(whole('reversed', Array.from(folded.text).reverse().join('')));
  return found;
}

/** Base64 or hexadecimal that holds words in plain ASCII. */
function decoded(text: string, folded: FoldedText, traits: Traits): Disguised[] {
  const found: Disguised[] = [];
  for (const [from, to] of traits.runs) {
    let [start, end] = [folded.origin(from), folded.origin(to)];
    while (start > 0 && /[A-Za-z0-9+/]/.test(text[start - 1] ?? '')) start--;
    while (end < text.length && /[A-Za-z0-9+/]/.test(text[end] ?? '')) end++;
    const run = text.slice(start, Math.min(end, start + LONGEST_RUN));
    const bytes = /^(?:[0-9a-f]{2})+$/i.test(run) ? Buffer.from(run, 'hex') : Buffer.from(run, 'base64');
    const plain = bytes.toString('latin1');
    if (/^[\t\n\r\x20-\x7e]+$/.test(plain) && /[a-z]{2} [a-z]/i.test(plain))
      found.push({ rule: 'encoded_text', text: plain, start, end });
  }
  return found;
}

/** @param mixed offsets of digits before letters */
function unleet(text: string, mixed: readonly number[]): string | undefined {
  const words: { start: number; end: number; plain: string }[] = [];
  let done = 0;
  for (const at of mixed) {
    if (at < done) continue;
    let [start, end] = [at, at + 1];
    while (start > done && at - start < LONGEST_WORD && isLeet(text, start - 1)) start--;
    while (end < text.length && end - start <= LONGEST_WORD && isLeet(text, end)) end++;
    done = end;
    if (end - start <= LONGEST_WORD && end - start > 2)
      words.push({ start, end, plain: text.slice(start, end).replaceAll(/[013457@$]/g, (sign) => LEET[sign] ?? sign) });
  }
  if (!words.some(({ plain }) => LEET_WORTH_READING.test(plain))) return undefined;
  return words.reduceRight((whole, { start, end, plain }) => whole.slice(0, start) + plain + whole.slice(end), text);
}

/** Letters, and the signs of `LEET`. */
function isLeet(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (code >= 0x61 && code <= 0x7a) || (code < 0x41 && '013457@$'.includes(text.charAt(at)));
}

const unspace = (run: string): string => run.replaceAll(/[ ._*-]/g, '');
const unshift = (letter: string): string => String.fromCharCode(((letter.charCodeAt(0) - 97 + 13) % 26) + 97);
