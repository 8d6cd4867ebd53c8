import { withoutInvisible } from '../../content/invisible.js';
import type { AiArtifactsNormalizerSettings } from './ai-artifacts-normalizer.settings.js';

const FOREIGN = /[^\0-\x7f]/;
const SINGLE_QUOTES = /[\u2018\u2019\u201A\u201B\u2032]/g;
const DOUBLE_QUOTES = /[\u201C\u201D\u201E\u201F\u2033]/g;
const LIGATURES = /[\uFB00-\uFB06]/g;
const DASHES = /[\u2010-\u2015\u2212]/g;
const WIDE_SPACES = /[\u00A0\u2000-\u200A\u202F\u205F\u3000]/g;
const SPACES_WITHIN = /(?<=[^ \t\n])[ \t]{2,}(?=[^ \t\n])/g;
const SPACES_AT_END = /(?<=[^ \t\n])[ \t]+(?=\n)/g;

/** The text in the characters of a keyboard. */
export function normalizeArtifacts(text: string, settings: AiArtifactsNormalizerSettings): string {
  let made = text;
  // What follows has nothing to do in ASCII.
  if (FOREIGN.test(text)) {
    if (settings.replace_smart_quotes) made = made.replaceAll(SINGLE_QUOTES, "'").replaceAll(DOUBLE_QUOTES, '"');
    if (settings.replace_ligatures) made = made.replaceAll(LIGATURES, (ligature) => ligature.normalize('NFKC'));
    if (settings.normalize_dashes) made = made.replaceAll(DASHES, '-');
    if (settings.normalize_ellipsis) made = made.replaceAll('\u2026', '...');
    if (settings.remove_bidi_controls) made = withoutInvisible(made);
    if (settings.collapse_spacing) made = made.replaceAll(WIDE_SPACES, ' ');
  }
  return settings.collapse_spacing ? made.replaceAll(SPACES_WITHIN, ' ').replaceAll(SPACES_AT_END, '') : made;
}
