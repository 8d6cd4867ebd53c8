import type { Disguised } from './disguises.js';
import type { Reason } from './window-score.js';

/** Characters that a reader does not see and a model reads. */
const SUSPECT = /[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e01ef}]/u;
const FAMILY = 'hidden_text';
const RULES: readonly (readonly [rule: string, weight: number, pattern: RegExp])[] = [
  // Tags outside a flag emoji, which begins with a black flag and ends with a cancel tag.
  ['unicode_tags', 0.6, /(?<!\u{1f3f4}[\u{e0020}-\u{e007e}]{0,8})[\u{e0001}-\u{e007f}]{3,}/gu],
  ['variation_selectors', 0.6, /[\u{e0100}-\u{e01ef}]{4,}/gu],
  ['bidi_override', 0.3, /[\u202d\u202e]/gu],
  ['zero_width_run', 0.5, /[\u200b-\u200d\u2060-\u2064\ufeff]{8,}/gu],
  ['zero_width_inside_word', 0.25, /(?<=[a-z])[\u200b-\u200d\u2060\ufeff](?=[a-z])/giu],
];
const MOST = 16;

/** What is hidden in the characters, and the text that Unicode tags spell. */
export function hiddenText(text: string): { reasons: readonly Reason[]; spelled: readonly Disguised[] } {
  if (!SUSPECT.test(text)) return { reasons: [], spelled: [] };
  const reasons = RULES.flatMap(([rule, weight, pattern]) =>
    [...first(text.matchAll(pattern))].map(({ index, 0: found }) => ({
      family: FAMILY,
      rule,
      weight,
      start: index,
      end: index + found.length,
    })),
  );
  const spelled = reasons
    .filter(({ rule }) => rule === 'unicode_tags')
    .map(({ rule, start, end }) => ({ rule, text: spell(text.slice(start, end)), start, end }));
  return { reasons, spelled };
}

function* first<T>(all: Iterable<T>): Generator<T> {
  let count = 0;
  for (const one of all) {
    if (count++ === MOST) return;
    yield one;
  }
}

const spell = (tags: string): string =>
  Array.from(tags, (tag) => String.fromCharCode((tag.codePointAt(0) ?? 0) & 0x7f)).join('');
