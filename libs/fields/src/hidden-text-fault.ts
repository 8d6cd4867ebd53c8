/** All but tab and line breaks. */
const CONTROL = /[^\P{Control}\t\n\r]/u;
/** Turn the order of what is shown, so that people read another text than programs do. */
const BIDI = /[\u202A-\u202E\u2066-\u2069]/;
/** Spell out ASCII that nobody sees. The flags of England, Scotland and Wales are written with them. */
const TAGS = /[\u{E0000}-\u{E007F}]/u;
const FLAG = /\u{1F3F4}[\u{E0061}-\u{E007A}]{5}\u{E007F}/gu;
/** One joins letters and emoji; a row of them carries a message. */
const INVISIBLE_RUN = /[\u200B-\u200F\u2060-\u2064\uFEFF]{6}/;
const SURROGATE = /\p{Surrogate}/u;

/** What a text holds that people don't see and programs read, completing "it …". Linear time. */
export function hiddenTextFault(text: string): string | undefined {
  if (text.includes('\0')) return 'holds a NUL';
  if (CONTROL.test(text)) return 'holds a control character';
  if (BIDI.test(text)) return 'holds a control character for the direction of text';
  if (TAGS.test(text) && TAGS.test(text.replace(FLAG, ''))) return 'holds invisible tag characters';
  if (INVISIBLE_RUN.test(text)) return 'holds a row of invisible characters';
  return SURROGATE.test(text) ? 'holds half of a surrogate pair' : undefined;
}
