import type { Content, ContentText } from '#libs/guardrails';
import { isProse } from '../../content/prose.js';

const SHORTEST = 4;
const LETTER = /\p{L}/u;

/**
 * Whether somebody says it: all values of arguments, and of what came of a call what is no word of the protocol. A key
 * says something where it is more than a word.
 */
export const isSaid = (text: ContentText, isOutcome: boolean): boolean =>
  text.kind === 'key' ? /\s/.test(text.text) : text.kind === 'value' && (!isOutcome || isProse(text));

/** What is to be judged, each once: the texts, what they are decoded to, and what neighbours are together. */
export function moderatedTexts(content: Content, isOutcome: boolean): string[] {
  const all = new Set<string>();
  content.find({ find: (text) => (all.add(text), []) });
  const texts = content.texts();
  const said = new Set(texts.filter((text) => isSaid(text, isOutcome)).map(({ text }) => text));
  for (const { text } of texts) if (!said.has(text)) all.delete(text);
  return [...all].filter((text) => text.length >= SHORTEST && LETTER.test(text));
}
