import { type AST, RegExpParser } from '@eslint-community/regexpp';
import { KEY_LENGTH, KINDS, LETTER } from './letters.js';

/** Of these words one begins behind the opening of every match, and not too far behind it. */
export interface RequiredWords {
  /** The first KEY_LENGTH letters of each, or all it has. */
  readonly words: ReadonlySet<string>;
  /** How often white space comes before it, at most; Infinity where the pattern sets no bound. */
  readonly reach: number;
}

/** A repeat that was entered once, and may be again. */
interface Again {
  readonly type: 'Again';
  readonly repeat: AST.Quantifier;
}
type Element = AST.Element | Again;
/** What a match goes through from here on. */
type Path = { readonly element: Element; readonly next: Path } | undefined;

/** What one character may be. */
interface Characters {
  /** None where they are too many to spell out. */
  readonly letters: readonly string[] | undefined;
  /** Whether it may be something that is no letter, and white space. */
  readonly others: boolean;
  readonly blank: boolean;
}

const PARSER = new RegExpParser();
/** Few texts that meet two lack the third. */
const MOST_CONDITIONS = 2;
const MOST_LETTERS = 8;
/** Deeper than any rule; what goes round in a circle ends here. */
const DEEPEST = 200;

/**
 * Reads off a pattern what its matches can't do without, as RE2 reads off literals for its prefilter. It says nothing
 * rather than too much: no match lacks all of the words of a condition.
 * @param source what follows the opening word, as a RegExp without flags
 * @returns at most MOST_CONDITIONS, what is met by chance least often first
 */
export function requiredWords(source: string): readonly RequiredWords[] {
  const { alternatives } = PARSER.parsePattern(source, 0, undefined, { unicode: false });
  const ranked = alternatives.map(({ elements }) => rarest(conditions(elements, undefined, 0, false)));
  const count = Math.min(MOST_CONDITIONS, ...ranked.map(({ length }) => length));
  return Array.from({ length: count }, (_, rank) => eitherOf(ranked.map((each) => each[rank]!)));
}

/** In the order of their chances, but for what another one says already. */
function rarest(found: readonly RequiredWords[]): readonly RequiredWords[] {
  const kept: RequiredWords[] = [];
  for (const one of found.toSorted((a, b) => chance(a) - chance(b)))
    if (!kept.some((other) => [...other.words].every((word) => one.words.has(word)))) kept.push(one);
  return kept;
}

/** What holds whichever alternative is taken: the best of each. */
function inEach(
  alternatives: readonly AST.Alternative[],
  conditionsOf: (elements: readonly AST.Element[]) => readonly RequiredWords[],
): RequiredWords | undefined {
  const best = alternatives.map(({ elements }) => rarest(conditionsOf(elements))[0]);
  return best.every((one) => one !== undefined) ? eitherOf(best) : undefined;
}

const eitherOf = (all: readonly RequiredWords[]): RequiredWords => ({
  words: new Set(all.flatMap(({ words }) => [...words])),
  reach: Math.max(...all.map(({ reach }) => reach)),
});

/** Words of which every text is full, against which the others are rare. */
const COMMON = new Map([
  ...'the of and to a in'.split(' ').map((word) => [word, 60] as const),
  ...'is that for it as with are on this be or you your not an by at from all any'
    .split(' ')
    .map((word) => [word, 20] as const),
]);
const FAR = 100;

/** How likely a text meets it by chance, on no scale but its own. */
function chance({ words, reach }: RequiredWords): number {
  let each = 0;
  for (const word of words) each += COMMON.get(word) ?? 1;
  return each * Math.min(reach + 1, FAR);
}

/** @param isApart whether no letter can stand right before */
function conditions(elements: readonly AST.Element[], rest: Path, behind: number, isApart: boolean): RequiredWords[] {
  const found: RequiredWords[] = [];
  let reach = behind;
  let isWordStart = isApart;
  for (const [at, element] of elements.entries()) {
    const next = pathOf(elements.slice(at + 1), rest);
    const canBegin = isWordStart || isBoundary(element) || hasNoLetter(element);
    const first = new FirstWords();
    if (canBegin && first.seek({ element, next }, reach)) found.push(first);
    const inside = insideOf(element, next);
    const within = inside && inEach(inside.alternatives, (inner) => conditions(inner, inside.next, reach, canBegin));
    if (within) found.push(within);
    reach += breaksIn(element);
    isWordStart = endsApart(element) ?? isWordStart;
  }
  return found;
}

/** What every match goes through at least once, and what it goes through afterwards if that is sure. */
function insideOf(
  element: AST.Element,
  next: Path,
): { readonly alternatives: readonly AST.Alternative[]; readonly next: Path } | undefined {
  if (isGroup(element)) return { alternatives: element.alternatives, next };
  if (element.type === 'Assertion')
    return element.kind === 'lookahead' && !element.negate
      ? { alternatives: element.alternatives, next: undefined }
      : undefined;
  return element.type === 'Quantifier' && element.min > 0 && isGroup(element.element)
    ? { alternatives: element.element.alternatives, next: undefined }
    : undefined;
}

/** All the words with which what follows can begin. */
class FirstWords implements RequiredWords {
  readonly words = new Set<string>();
  reach = 0;

  /**
   * Goes on to where a word begins.
   * @returns whether there is one on every way, and which is known
   */
  seek(path: Path, reach: number, depth = 0): boolean {
    if (!path || depth > DEEPEST) return false;
    const { element, next } = path;
    const one = charactersOf(element);
    if (one) {
      if (one.others && !this.seek(next, reach + Number(one.blank), depth + 1)) return false;
      return one.letters?.every((letter) => this.spell(letter, next, reach, depth + 1)) ?? false;
    }
    // A round without a word, and more of them to come: how far the word is, is not known.
    if (element.type === 'Again') return false;
    if (element.type === 'Quantifier' && hasNoLetter(element.element))
      return this.seek(next, reach + breaksIn(element), depth + 1);
    return waysOn(element, next)?.every((way) => this.seek(way, reach, depth + 1)) ?? false;
  }

  /** Goes on in a word that has begun. */
  private spell(word: string, path: Path, reach: number, depth: number): boolean {
    if (word.length === KEY_LENGTH || (path && isBoundary(path.element))) return this.add(word, reach);
    if (!path || depth > DEEPEST) return false;
    const { element, next } = path;
    const one = charactersOf(element);
    if (!one) return waysOn(element, next)?.every((way) => this.spell(word, way, reach, depth + 1)) ?? false;
    if (one.others) this.add(word, reach);
    return one.letters?.every((letter) => this.spell(word + letter, next, reach, depth + 1)) ?? false;
  }

  private add(word: string, reach: number): true {
    this.words.add(word);
    this.reach = Math.max(this.reach, reach);
    return true;
  }
}

/** Every way on, through what is no single character; undefined where they can't be told. */
function waysOn(element: Element, next: Path): readonly Path[] | undefined {
  if (isGroup(element)) return element.alternatives.map(({ elements }) => pathOf(elements, next));
  if (element.type === 'Assertion') return [next];
  if (element.type !== 'Quantifier' && element.type !== 'Again') return undefined;
  const repeat = element.type === 'Again' ? element.repeat : element;
  const ways: Path[] = element.type === 'Again' || repeat.min === 0 ? [next] : [];
  const after: Path = repeat.max > 1 ? { element: { type: 'Again', repeat }, next } : next;
  if (repeat.max > 0) ways.push({ element: repeat.element, next: after });
  return ways;
}

function pathOf(elements: readonly AST.Element[], rest: Path): Path {
  return elements.reduceRight<Path>((next, element) => ({ element, next }), rest);
}

/** How often white space may come before a word within it, and once more for a word behind it. */
function breaksIn(element: AST.Element): number {
  const one = charactersOf(element);
  if (one) return Number(one.blank);
  if (isGroup(element))
    return Math.max(
      ...element.alternatives.map(({ elements }) => elements.reduce((sum, inner) => sum + breaksIn(inner), 0)),
    );
  if (element.type === 'Assertion') return 0;
  if (element.type !== 'Quantifier') return Infinity;
  const once = breaksIn(element.element);
  if (once === 0 || hasNoLetter(element.element)) return once;
  return charactersOf(element.element) ? Math.ceil((element.max + 1) / 2) : once * element.max;
}

/** Whether no letter can stand right behind it; undefined where that is as it was before. */
function endsApart(element: AST.Element): boolean | undefined {
  const one = charactersOf(element);
  if (one) return one.letters?.length === 0;
  if (element.type === 'Assertion') return undefined;
  if (isGroup(element)) {
    const ends = element.alternatives.map(({ elements }) =>
      elements.reduce<boolean | undefined>((so, inner) => endsApart(inner) ?? so, undefined),
    );
    return ends.includes(false) ? false : ends.includes(undefined) ? undefined : true;
  }
  if (element.type !== 'Quantifier') return false;
  const ends = endsApart(element.element);
  return ends === true && element.min === 0 ? undefined : ends;
}

const isGroup = (element: Element): element is AST.Group | AST.CapturingGroup =>
  element.type === 'Group' || element.type === 'CapturingGroup';

/** A word may begin or end here. */
const isBoundary = (element: Element): boolean =>
  element.type === 'Assertion' && element.kind === 'word' && !element.negate;

/** One character, and none of them a letter; also as often as you like. */
function hasNoLetter(element: AST.Element): boolean {
  if (element.type === 'Quantifier') return element.min > 0 && hasNoLetter(element.element);
  return charactersOf(element)?.letters?.length === 0;
}

const ANY: Characters = { letters: undefined, others: true, blank: true };
const NO_BLANK: Characters = { letters: undefined, others: true, blank: false };
const BLANK: Characters = { letters: [], others: true, blank: true };
const NO_LETTER: Characters = { letters: [], others: true, blank: false };

function charactersOf(element: Element): Characters | undefined {
  if (element.type === 'Character') return character(element.value);
  if (element.type === 'CharacterSet') {
    if (element.kind === 'space') return element.negate ? NO_BLANK : BLANK;
    if (element.kind === 'digit' && !element.negate) return NO_LETTER;
    return element.kind === 'word' && !element.negate ? NO_BLANK : ANY;
  }
  if (element.type !== 'CharacterClass') return undefined;
  if (element.negate) return element.elements.some(isBlanks) ? NO_BLANK : ANY;
  const all = element.elements.flatMap(charactersIn);
  const letters = all.flatMap((one) => one.letters ?? []);
  return {
    letters: all.some((one) => !one.letters) || letters.length > MOST_LETTERS ? undefined : letters,
    others: all.some(({ others }) => others),
    blank: all.some(({ blank }) => blank),
  };
}

const isBlanks = (element: AST.CharacterClassElement): boolean =>
  element.type === 'CharacterSet' && element.kind === 'space' && !element.negate;

function charactersIn(element: AST.CharacterClassElement): readonly Characters[] {
  if (element.type === 'Character' || element.type === 'CharacterSet') return [charactersOf(element) ?? ANY];
  if (element.type !== 'CharacterClassRange') return [ANY];
  const { min, max } = element;
  return Array.from({ length: max.value - min.value + 1 }, (_, more) => character(min.value + more));
}

function character(code: number): Characters {
  const letter = String.fromCharCode(code);
  if (KINDS[code] === LETTER) return { letters: [letter], others: false, blank: false };
  return /\s/.test(letter) ? BLANK : NO_LETTER;
}
