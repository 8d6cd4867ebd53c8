import { ModerationLexicon, mergeFindings } from '#libs/guardrails';

const MILDER: ReadonlyMap<string, string> = new Map([
  ['damn', 'darn'],
  ['hell', 'heck'],
  ['crap', 'crud'],
]);
const WORDS = /\b(?:damn|hell|crap)\b/gi;
const lexicon = new ModerationLexicon();

/** The text with milder words, and with stars for what the lexicon finds in it; this very text where it has neither. */
export function milder(text: string): string {
  let made = '';
  let done = 0;
  const mild = text.replaceAll(WORDS, (word) => inCaseOf(word, MILDER.get(word.toLowerCase()) ?? word));
  for (const { start, end } of mergeFindings(lexicon.find(mild))) {
    made += mild.slice(done, start) + mild.slice(start, end).replaceAll(/\S/g, '*');
    done = end;
  }
  return made + mild.slice(done);
}

function inCaseOf(word: string, other: string): string {
  if (word === word.toUpperCase()) return other.toUpperCase();
  return word[0] === word[0]?.toUpperCase() ? `${other.charAt(0).toUpperCase()}${other.slice(1)}` : other;
}
