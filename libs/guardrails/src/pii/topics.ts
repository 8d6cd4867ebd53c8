import { Lexicon } from './lexicon.js';
import { ID_RULES } from './ids/id-rules.js';
import { WORDS } from './words.rules.js';

/** The words of all kinds: topics are the names of `WORDS` and the rules of `ID_RULES`. */
export const LEXICON = new Lexicon([
  ...Object.entries(WORDS),
  ...ID_RULES.map(({ rule, words }) => [rule, words] as const),
]);
/** What stands behind a number, as on a card: `+41 62 585 51 90 fax`. */
export const BEHIND_PHONE = new Lexicon([['phone', `${WORDS.phone}|home|work`]]);
export const BEFORE_PHONE = new Lexicon([['phone', `${WORDS.phone}|${WORDS.call}`]]);
