import { type AST, RegExpParser } from '@eslint-community/regexpp';

/** ASCII codes; undefined for any. What is not ASCII may always stand there. */
export type Codes = ReadonlySet<number> | undefined;

/** What may stand next to the word that a match begins with. */
export interface Neighbours {
  /** Right behind it, where the word is all of what opens the pattern. */
  readonly after: Codes;
  /** Right before it, but for the beginning of the text. */
  readonly before: Codes;
  /** Before it and the blanks before it, likewise. */
  readonly beyond: Codes;
}

/** What is at the end of an expression, and whether it may be passed without a character. */
interface Edge {
  readonly codes: Codes;
  readonly isPassed: boolean;
}

type Side = 'first' | 'last';

const PARSER = new RegExpParser();
const ASCII = Array.from({ length: 128 }, (_, code) => code);
/** The scan takes every control character for white space when it looks beyond that. */
export const LAST_BLANK = 0x20;
const LETTERS = codesWhere(/[a-z]/i);
const DIGITS = codesWhere(/[0-9_]/);
const NOTHING: Edge = { codes: new Set(), isPassed: true };
const WALL: Edge = { codes: new Set(), isPassed: false };
const ANYTHING: Edge = { codes: undefined, isPassed: true };

/**
 * Reads off a pattern what may stand next to its opening word; rather too much than too little.
 * @param source what follows the opening word, as a RegExp without flags
 */
export function neighbours(source: string): Neighbours {
  const { alternatives } = PARSER.parsePattern(source, 0, undefined, { unicode: false });
  const after = closed(inAny(alternatives, 'first', asTheyAre));
  const behind = behindOf(alternatives);
  const before = behind && closed(inAny(behind, 'last', asTheyAre));
  // The look-behind may take a word for the end of a longer one.
  if (!before || [...before].some((code) => LETTERS.has(code))) return { after, before: undefined, beyond: undefined };
  return { after, before: withWord(before), beyond: withWord(closed(inAny(behind, 'last', beyondBlanks))) };
}

/** What the look-behind asks that the pattern begins with, but for the word itself; undefined where there is none. */
function behindOf(alternatives: readonly AST.Alternative[]): readonly Pick<AST.Alternative, 'elements'>[] | undefined {
  const [first] = alternatives[0]!.elements;
  if (alternatives.length > 1 || first?.type !== 'Assertion' || first.kind !== 'lookbehind' || first.negate)
    return undefined;
  const behind = first.alternatives.map(({ elements }) => ({ elements: elements.slice(0, -1), word: elements.at(-1) }));
  return behind.every(({ word }) => isWord(word)) ? behind : undefined;
}

/** Takes all of a run of letters, since nothing that may stand before it is one. */
const isWord = (element: AST.Element | undefined): boolean =>
  element?.type === 'Quantifier' &&
  element.min > 0 &&
  element.element.type === 'CharacterSet' &&
  element.element.kind === 'word' &&
  !element.element.negate;

const closed = ({ codes, isPassed }: Edge): Codes => (isPassed ? undefined : codes);

/** A run of word characters may begin before its letters. */
const withWord = (codes: Codes): Codes => codes && new Set([...codes, ...DIGITS]);

const asTheyAre: Reader = (codes) => ({ codes, isPassed: false });

function beyondBlanks(codes: ReadonlySet<number>): Edge {
  const visible = new Set([...codes].filter((code) => code > LAST_BLANK));
  return { codes: visible, isPassed: visible.size < codes.size };
}

type Reader = (codes: ReadonlySet<number>) => Edge;

function inAny(alternatives: readonly Pick<AST.Alternative, 'elements'>[], side: Side, read: Reader): Edge {
  return either(alternatives.map(({ elements }) => inRow(elements, side, read)));
}

function either(edges: readonly Edge[]): Edge {
  return {
    codes: edges.some(({ codes }) => !codes) ? undefined : new Set(edges.flatMap(({ codes }) => [...(codes ?? [])])),
    isPassed: edges.some(({ isPassed }) => isPassed),
  };
}

function inRow(elements: readonly AST.Element[], side: Side, read: Reader): Edge {
  const passed: Edge[] = [];
  for (const element of side === 'first' ? elements : elements.toReversed()) {
    const edge = edgeOf(element, side, read);
    if (!edge.isPassed) return { ...either([...passed, edge]), isPassed: false };
    passed.push(edge);
  }
  return either([NOTHING, ...passed]);
}

function edgeOf(element: AST.Element, side: Side, read: Reader): Edge {
  switch (element.type) {
    case 'Character':
    case 'CharacterSet':
    case 'CharacterClass':
      return read(codesWhere(new RegExp(element.raw)));
    case 'Group':
    case 'CapturingGroup':
      return inAny(element.alternatives, side, read);
    case 'Quantifier': {
      const edge = element.max === 0 ? NOTHING : edgeOf(element.element, side, read);
      return element.min === 0 ? { ...edge, isPassed: true } : edge;
    }
    case 'Assertion':
      return element.kind === 'start' ? WALL : NOTHING;
    default:
      return ANYTHING;
  }
}

function codesWhere(pattern: RegExp): ReadonlySet<number> {
  return new Set(ASCII.filter((code) => pattern.test(String.fromCharCode(code))));
}
