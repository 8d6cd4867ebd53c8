import { withoutInvisible } from '../../content/invisible.js';
import type { Normalization } from './argument-normalizer.settings.js';
import { normalizeDates } from './normalize-dates.js';
import { normalizeNumbers } from './normalize-numbers.js';

const CONTROL = /[^\P{Control}\t\n\r]/gu;
const NEWLINES = /\r\n?|[\u2028\u2029\u0085]/g;
const SPACES = /[^\S\r\n\u2028\u2029]{2,}|\t/g;
const BLANK_LINES = /\n(?:[ \t]{0,100}\n)+/g;
const WORD = /\p{L}[\p{L}\p{M}'’]*/gu;

/** One text, written as the rules say. */
export function normalizeText(text: string, rules: Normalization): string {
  let made = text;
  if (rules.enable_unicode) {
    made = made.normalize(rules.unicode_form);
    if (rules.remove_control_chars) made = withoutInvisible(made.replaceAll(CONTROL, ''));
  }
  if (rules.enable_whitespace) made = whitespace(made, rules);
  if (rules.enable_casing) made = cased(made, rules.case_strategy);
  if (rules.enable_dates) made = normalizeDates(made, rules);
  return rules.enable_numbers ? normalizeNumbers(made, rules.decimal_detection) : made;
}

function whitespace(text: string, rules: Normalization): string {
  let made = rules.normalize_newlines ? text.replaceAll(NEWLINES, '\n') : text;
  if (rules.collapse_internal) made = made.replaceAll(SPACES, ' ');
  if (rules.collapse_blank_lines) made = made.replaceAll(BLANK_LINES, '\n\n');
  return rules.trim ? made.trim() : made;
}

function cased(text: string, strategy: Normalization['case_strategy']): string {
  if (strategy === 'lower') return text.toLowerCase();
  if (strategy === 'upper') return text.toUpperCase();
  if (strategy === 'none') return text;
  return text.replaceAll(WORD, (word) => {
    const [first = '', ...rest] = word;
    return first.toUpperCase() + rest.join('').toLowerCase();
  });
}
