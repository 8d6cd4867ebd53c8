/** What a stretch of a reading was before it was decoded. */
export type Encoding = 'folded' | 'escape' | 'url' | 'html' | 'base64' | 'hex' | 'gzip';

/** A span of the text that was read, and what was decoded in it: nothing where the reading says what the text says. */
export interface Located {
  readonly start: number;
  readonly end: number;
  readonly encodings: readonly Encoding[];
}

/** Units of one kind in a row: each is `inStep` long in the text and `outStep` long in the reading. */
interface Piece {
  readonly out: number;
  readonly in: number;
  readonly outStep: number;
  readonly inStep: number;
  /** Nothing for what stands as it was, `cut` where what was left out stood. */
  readonly encoding: Encoding | 'cut' | undefined;
}

/** So much of what needs no decoding stands on either side of what does: a private key of 4,096 bits, a statement. */
const CONTEXT = 4096;

const NEAR = 32;

/** A text with what was encoded in it decoded in place. Long stretches without any are left out. */
export class Reading {
  constructor(
    readonly text: string,
    private readonly pieces: readonly Piece[],
  ) {}

  /** Whether something was decoded in this span, or so close to it that it may be read in another way. */
  isNews(start: number, end: number): boolean {
    const last = this.#pieceAt(end - 1 + NEAR);
    for (let at = this.#pieceAt(start - NEAR); at <= last; at++) {
      const encoding = this.pieces[at]?.encoding;
      if (encoding !== undefined && encoding !== 'cut') return true;
    }
    return false;
  }

  /** The span of the text that these offsets of the reading stand for; of an encoded run always the whole run. */
  locate(start: number, end: number): Located | undefined {
    const last = this.#pieceAt(end - 1);
    const encodings = new Set<Encoding>();
    const first = this.#pieceAt(start);
    for (let at = first; at <= last; at++) {
      const encoding = this.pieces[at]?.encoding;
      if (encoding === 'cut') return undefined;
      if (encoding) encodings.add(encoding);
    }
    const [from, to] = [this.pieces[first], this.pieces[last]];
    if (!from || !to) return undefined;
    return {
      start: from.in + Math.floor((start - from.out) / from.outStep) * from.inStep,
      end: to.in + (Math.floor((end - 1 - to.out) / to.outStep) + 1) * to.inStep,
      encodings: [...encodings],
    };
  }

  /** The last piece that begins at or before the offset: one without length stands before it. */
  #pieceAt(offset: number): number {
    let [low, high] = [0, this.pieces.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.pieces[middle]?.out ?? Infinity) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Takes the decoded units of a text in their order. */
export class ReadingBuilder {
  #text = '';
  #done = 0;
  readonly #pieces: Piece[] = [];

  constructor(private readonly source: string) {}

  /** Where the last decoded unit ended. */
  get done(): number {
    return this.#done;
  }

  /** Puts `text` for the unit from `from` to `to`. */
  put(from: number, to: number, text: string, encoding: Encoding): void {
    if (this.#goesOnFolding(from, to, text, encoding)) this.#text += this.source.slice(this.#done, from) + text;
    else this.#replace(from, to, text, encoding);
    this.#done = to;
  }

  /** Accents in a text of accents: offsets stay what they are, so that all of it is one piece. */
  #goesOnFolding(from: number, to: number, text: string, encoding: Encoding): boolean {
    if (encoding !== 'folded' || text.length !== 1 || to - from !== 1 || from - this.#done > NEAR) return false;
    const last = this.#pieces.at(-1);
    return last?.encoding === 'folded' && last.inStep === 1 && last.outStep === 1;
  }

  #replace(from: number, to: number, text: string, encoding: Encoding): void {
    this.#keepUntil(from);
    this.#add(from, to - from, text, text.length, encoding);
  }

  finish(): Reading {
    const end = Math.min(this.source.length, this.#done + CONTEXT);
    if (end > this.#done) this.#add(this.#done, 1, this.source.slice(this.#done, end), 1, undefined);
    return new Reading(this.#text, this.#pieces);
  }

  #keepUntil(from: number): void {
    const gap = from - this.#done;
    if (gap === 0) return;
    const isFirst = this.#pieces.length === 0;
    if (gap <= 2 * CONTEXT) return this.#add(this.#done, 1, this.source.slice(this.#done, from), 1, undefined);
    if (!isFirst) this.#add(this.#done, 1, this.source.slice(this.#done, this.#done + CONTEXT), 1, undefined);
    this.#add(this.#done, 0, '\n', 1, 'cut');
    this.#add(from - CONTEXT, 1, this.source.slice(from - CONTEXT, from), 1, undefined);
  }

  #add(start: number, inStep: number, text: string, outStep: number, encoding: Piece['encoding']): void {
    const last = this.#pieces.at(-1);
    const goesOn =
      last !== undefined &&
      last.encoding === encoding &&
      last.inStep === inStep &&
      last.outStep === outStep &&
      outStep > 0 &&
      last.in + ((this.#text.length - last.out) / outStep) * inStep === start;
    if (!goesOn) this.#pieces.push({ out: this.#text.length, in: start, outStep, inStep, encoding });
    this.#text += text;
  }
}
