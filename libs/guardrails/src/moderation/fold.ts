/** Separates words. */
export const GAP = 0;
/** Stands inside a word and is not part of it: zero-width characters, soft hyphens, apostrophes. */
export const UNSEEN = 1;
/** Stands for a letter only between letters: `@`, `$`, `!`, `|`. */
export const DISGUISE = 0x80;
export const STAR = 0x2a;

const LEET = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '8': 'b', '9': 'g', '2': 'z', '6': 'g' };
const SIGNS = { '@': 'a', $: 's', '!': 'i', '|': 'i' };
/** Letters of other alphabets that look like Latin ones, as far as they pass for them in a word. */
const LOOK_ALIKES = 'аaбbвbгrдdеeёeзzиuіiјjкkлlмmнhоoпnрpсcтtуyхxѕsαaβbεeηnιiκkνvοoρpτtυuχxωwøoæaœoßsđdłlıiħh';

/** What a UTF-16 unit below 0x500 stands for in a word, as an ASCII code: one lower-case letter, or one of the signs above. */
export const FOLD = new Uint8Array(0x500);
for (let unit = 0; unit < FOLD.length; unit++) {
  const letter = String.fromCharCode(unit).toLowerCase().normalize('NFD');
  if (/^[a-z]/.test(letter)) FOLD[unit] = letter.charCodeAt(0);
  const alike = LOOK_ALIKES.indexOf(letter[0]!);
  if (unit > 0x7f && alike >= 0 && alike % 2 === 0) FOLD[unit] = LOOK_ALIKES.charCodeAt(alike + 1);
}
for (const [sign, letter] of Object.entries(LEET)) FOLD[sign.charCodeAt(0)] = letter.charCodeAt(0);
for (const [sign, letter] of Object.entries(SIGNS)) FOLD[sign.charCodeAt(0)] = DISGUISE | letter.charCodeAt(0);
FOLD[STAR] = DISGUISE | STAR;
for (const unseen of [0x27, 0xad, 0x34f]) FOLD[unseen] = UNSEEN;
for (let mark = 0x300; mark < 0x370; mark++) FOLD[mark] = UNSEEN;

/** {@link FOLD} for any unit. */
export function fold(unit: number): number {
  if (unit < 0x500) return FOLD[unit]!;
  return unit === 0x2019 || (unit >= 0x200b && unit <= 0x200f) || unit === 0x2060 || unit === 0xfeff ? UNSEEN : GAP;
}
