import { DISGUISE, fold, UNSEEN } from './fold.js';
import { MINORS, PLAIN_WORDS, SEXUAL_WORDS, WORD_CLASSES, type WordClass } from './words.rules.js';
import { MISSPELLING_IS_A_WORD } from './misspellings.rules.js';

/** The line's letters: one per class, from here upwards, so that a line stays one byte a word. */
export const FIRST_LETTER = 0xc0;
const CLASS_NAMES = Object.keys(WORD_CLASSES) as WordClass[];
export const NO_CLASS = 0x5f;
export const letterOf = (name: WordClass): number => FIRST_LETTER + CLASS_NAMES.indexOf(name);

/** What is known of a word or of a fixed phrase. */
export interface Word {
  /** The letter of its class; {@link NO_CLASS} for words that only open a phrase or weigh as sexual. */
  letter: number;
  sexual: number;
  minor: boolean;
  /** Whether it matters enough to be looked for in a run of words without spaces. */
  anchor?: boolean;
  /** A misspelling: never half of such a run. */
  misspelt?: boolean;
  /** Of the second words of its phrases, one bit by the low five of their hashes: most words that follow are none. */
  next: number;
  /** Phrases this word opens, longest first: the hashes of the words that follow, and the number of the whole. */
  phrases: { rest: readonly number[]; number: number }[] | undefined;
}

/** Powers of the hash's base, to take a prefix off a hash. */
export const HASH_BASE = 31;
/** A power of two less one: places in a longer word wrap round. */
export const LONGEST_WORD = 31;
export const HASH_POWERS = Int32Array.from({ length: LONGEST_WORD + 1 });
HASH_POWERS[0] = 1;
for (let i = 1; i <= LONGEST_WORD; i++) HASH_POWERS[i] = Math.imul(HASH_POWERS[i - 1]!, HASH_BASE);

/** The polynomial hash under which the scanner looks words up while it reads them. */
export function hashOf(word: string): number {
  let hash = 0;
  for (let i = 0; i < word.length; i++) {
    const code = fold(word.charCodeAt(i)) & ~DISGUISE;
    if (code > UNSEEN) hash = (Math.imul(hash, HASH_BASE) + code) | 0;
  }
  return hash;
}

const doubled = (stem: string): string => stem + stem.at(-1)!;
function inflect(marked: string): string[] {
  const [stem = '', mark] = marked.split('/');
  const s = /(?:s|sh|ch|x|z)$/.test(stem)
    ? `${stem}es`
    : /[^aeiou]y$/.test(stem)
      ? `${stem.slice(0, -1)}ies`
      : `${stem}s`;
  const e = stem.endsWith('e') ? stem.slice(0, -1) : stem;
  switch (mark) {
    case 'n':
      return [stem, s];
    case 'y':
      return [stem, `${stem}ly`, `${e}er`, `${e}est`];
    case 'v':
      return [stem, s, `${e}ed`, `${e}ing`];
    case 'V':
      return [stem, s, `${doubled(stem)}ed`, `${doubled(stem)}ing`];
    case 'w':
    case 'W':
      return inflect(`${stem}/${mark === 'w' ? 'v' : 'V'}`).slice(1);
    default:
      return [stem];
  }
}
const bentForms = (list: string): string[] => list.trim().split(/\s+/).flatMap(inflect);

/** Classes whose words people misspell to get past a list. */
const DISGUISED = new Set<WordClass>([
  'group',
  'trait',
  'slur',
  'labels',
  'label',
  'vermin',
  'plague',
  'vile',
  'hate',
  'insult',
  'swear',
  'kill',
  'killing',
  'die',
]);
/** One letter lost or two swapped, and stars for vowels; what is a word of its own is left out. */
function disguises(word: string): string[] {
  const found: string[] = [];
  if (word.length < 4) return found;
  for (let i = 1; i < word.length; i++) {
    if (i < word.length - 1 && word.length > 4) found.push(word.slice(0, i) + word.slice(i + 1));
    if (i > 1 || word.length > 4) found.push(word.slice(0, i - 1) + word[i]! + word[i - 1]! + word.slice(i + 1));
    if (i < word.length - 1 && 'aeiou'.includes(word[i]!)) found.push(`${word.slice(0, i)}*${word.slice(i + 1)}`);
  }
  if (word.length < 8) found.push(word[0]! + '*'.repeat(word.length - 2) + word.at(-1)!);
  return found.filter((misspelt) => !MISSPELLING_IS_A_WORD.has(misspelt));
}

const unknown = (): Word => ({ letter: 0, sexual: 0, minor: false, next: 0, phrases: undefined });

const SLOT_BITS = 16;
const SLOT_MASK = (1 << SLOT_BITS) - 1;

export class Vocabulary {
  /** All words, from 1 on: 0 is no word. */
  readonly words: Word[] = [unknown()];
  /** An open hash table of the words' hashes, a sixth full, and of their numbers. */
  readonly #hashes = new Int32Array(1 << SLOT_BITS);
  readonly #numbers = new Uint16Array(1 << SLOT_BITS);
  readonly #filter = new Uint32Array(2048);

  constructor() {
    for (const name of CLASS_NAMES) {
      for (const form of bentForms(WORD_CLASSES[name])) this.#add(form).letter ||= letterOf(name);
    }
    for (const [weight, list] of SEXUAL_WORDS) {
      for (const form of bentForms(list)) {
        const word = this.#add(form);
        word.sexual = Math.max(word.sexual, weight);
      }
    }
    for (const form of bentForms(MINORS)) this.#add(form).minor = true;
    for (const plain of bentForms(PLAIN_WORDS)) this.#add(plain);
    for (const name of DISGUISED) {
      for (const form of bentForms(WORD_CLASSES[name])) {
        if (form.includes('_')) continue;
        const word = this.words[this.find(hashOf(form))]!;
        for (const misspelt of disguises(form))
          if (this.find(hashOf(misspelt)) === 0) this.#insert(hashOf(misspelt), { ...word, misspelt: true });
        word.anchor = true;
      }
    }
    for (const word of this.words) {
      word.letter ||= NO_CLASS;
      for (const { rest } of word.phrases ?? []) word.next |= 1 << (rest[0]! & 31);
      word.phrases?.sort((a, b) => b.rest.length - a.rest.length);
    }
  }

  /** False for most hashes that are no word's, at less cost than {@link find}. */
  mayKnow(hash: number): boolean {
    return ((this.#filter[(hash >>> 5) & 2047]! >>> (hash & 31)) & 1) === 1;
  }

  /** The number of the word with this hash, or 0. */
  find(hash: number): number {
    if (!this.mayKnow(hash)) return 0;
    let slot = Math.imul(hash, 0x9e3779b1) >>> (32 - SLOT_BITS);
    while (this.#numbers[slot] !== 0 && this.#hashes[slot] !== hash) slot = (slot + 1) & SLOT_MASK;
    return this.#numbers[slot]!;
  }

  #insert(hash: number, word: Word): void {
    let slot = Math.imul(hash, 0x9e3779b1) >>> (32 - SLOT_BITS);
    while (this.#numbers[slot] !== 0) slot = (slot + 1) & SLOT_MASK;
    this.#filter[(hash >>> 5) & 2047]! |= 1 << (hash & 31);
    this.#hashes[slot] = hash;
    this.#numbers[slot] = this.words.push(word) - 1;
  }

  /** The entry of a word, or of a phrase under its first word. */
  #add(form: string): Word {
    const [first = '', ...rest] = form.split('_');
    const hash = hashOf(first);
    let word = this.words[this.find(hash)]!;
    if (word === this.words[0]) this.#insert(hash, (word = unknown()));
    if (rest.length === 0) return word;
    const hashes = rest.map(hashOf);
    word.phrases ??= [];
    const known = word.phrases.find(
      ({ rest }) => rest.length === hashes.length && rest.every((h, i) => h === hashes[i]),
    );
    const number = known?.number ?? this.words.push(unknown()) - 1;
    if (!known) word.phrases.push({ rest: hashes, number });
    return this.words[number]!;
  }
}
