import type { ContentText } from './content-text.js';

/** A finding, and the text it is in. */
export interface TextSpan {
  readonly text: ContentText;
  readonly start: number;
  readonly end: number;
}

interface Stretch extends TextSpan {
  /** Where it stands in the joined text. */
  readonly out: number;
}

/** What is split among items is shorter than this on either side of the cut: a private key of 4,096 bits. */
const WINDOW = 4096;
/** As far as from a name to its value. */
const NEAR = 64;
const CUT = '\n';
/** Members that carry a stream of text in pieces, so that a piece may end anywhere. */
const STREAM_NAMES: ReadonlySet<string> = new Set(['text', 'delta', 'chunk', 'part', 'content', 'data', 'line']);
const NUMBER = /^\s*\d+(?:[.,:/-]\d+)*\s*$/;
const RANDOM = /(?=[^]*\d)(?=[^]*[A-Za-z])[^]{4}|[^]{20}/;

/** What neighbouring texts say when they are read on, one after the other. */
export class Joined {
  readonly text: string;
  readonly #stretches: readonly Stretch[];

  constructor(row: readonly ContentText[]) {
    const stretches: Stretch[] = [];
    const parts: string[] = [];
    let out = 0;
    const add = (text: ContentText, start: number, end: number): void => {
      stretches.push({ text, start, end, out });
      parts.push(text.text.slice(start, end));
      out += end - start;
    };
    for (const text of row) {
      const { length } = text.text;
      if (length <= 2 * WINDOW) add(text, 0, length);
      else {
        add(text, 0, WINDOW);
        parts.push(CUT);
        out += CUT.length;
        add(text, length - WINDOW, length);
      }
    }
    this.text = parts.join('');
    this.#stretches = stretches;
  }

  get label(): string | undefined {
    return this.#stretches[0]?.text.label;
  }

  /**
   * The spans that something found in the joined text has in each of the texts; none when it lies so far within one of
   * them that the neighbours have no part in it.
   */
  split(start: number, end: number): readonly TextSpan[] {
    const spans: TextSpan[] = [];
    const first = this.#stretchAt(start);
    let at = first;
    for (let stretch = this.#stretches[at]; stretch && stretch.out < end; stretch = this.#stretches[++at]) {
      const from = Math.max(start - stretch.out, 0) + stretch.start;
      const to = Math.min(end - stretch.out, stretch.end - stretch.start) + stretch.start;
      if (to > from) spans.push({ text: stretch.text, start: from, end: to });
    }
    const isWhole = spans.reduce((sum, span) => sum + span.end - span.start, 0) === end - start;
    const [one, another] = spans;
    if (!isWhole || !one) return [];
    return (another ? one.text !== another.text : this.#isNearNeighbour(first, one)) ? spans : [];
  }

  /** Whether a word of the neighbour's may say what this is. */
  #isNearNeighbour(at: number, { text, start, end }: TextSpan): boolean {
    const [before, stretch, after] = [this.#stretches[at - 1], this.#stretches[at], this.#stretches[at + 1]];
    if (!stretch) return false;
    return (
      (before !== undefined && before.text !== text && start - stretch.start <= NEAR) ||
      (after !== undefined && after.text !== text && stretch.end - end <= NEAR)
    );
  }

  #stretchAt(offset: number): number {
    let [low, high] = [0, this.#stretches.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#stretches[middle]?.out ?? Infinity) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/**
 * Whether neighbours are pieces of one thing. Cells of a table are things of their own: numbers in a row are no card,
 * and what was found whole in one cell doesn't go on in the next unless that looks as random.
 * @param found what was found in the texts alone
 */
export function isSplit(
  spans: readonly TextSpan[],
  type: string,
  found: (span: TextSpan, type: string) => boolean,
): boolean {
  const [only, ...others] = spans;
  if (!only || (others.length === 0 && found(only, type))) return false;
  if (spans.every(({ text }) => typeof text.at === 'string' && STREAM_NAMES.has(text.at))) return true;
  if (spans.every(({ text }) => NUMBER.test(text.text))) return false;
  const whole = spans.map((span) => found(span, type));
  if (!whole.includes(true)) return true;
  return spans.every(({ text, start, end }, at) => whole[at] || RANDOM.test(text.text.slice(start, end)));
}
