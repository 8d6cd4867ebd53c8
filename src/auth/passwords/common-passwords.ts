import { createRequire } from 'node:module';

type Language = typeof import('@zxcvbn-ts/language-common');

/** What gateways of this kind have been shipped or documented with. */
const DEFAULTS = ['changeme', 'changeme123!', 'admin@example.com', 'portcullis'];
/** Fewer letters than this say nothing about the rest. */
const SHORTEST_WORD = 4;
/** Matches at the first letter or nowhere, so it takes no longer than the text is. */
const FROM_FIRST_TO_LAST_LETTER = /\p{L}(?:.*\p{L})?/su;

let known: ReadonlySet<string> | undefined;

/**
 * Whether a password is one of the 50,000 most common ones or a default, in any case, or little more than one of them
 * with digits and signs around it (`Password2026!`).
 */
export function isCommonPassword(password: string): boolean {
  const words = (known ??= load());
  const given = password.normalize('NFKC').toLowerCase();
  if (words.has(given)) return true;
  const [word] = FROM_FIRST_TO_LAST_LETTER.exec(given) ?? [''];
  return word.length >= SHORTEST_WORD && word.length * 2 >= given.length && words.has(word);
}

/** On the first question: 30 ms and 5 MB that a gateway where nobody sets a password never spends. */
function load(): ReadonlySet<string> {
  const { dictionary } = createRequire(import.meta.url)('@zxcvbn-ts/language-common') as Language;
  return new Set([...dictionary['passwords-common'], ...DEFAULTS]);
}
