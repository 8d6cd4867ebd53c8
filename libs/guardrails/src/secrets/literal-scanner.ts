const ASCII = 128;
/** Literals have at most so many different characters, less one, in a table of rows that a shift finds. */
const [COLUMNS, SHIFT] = [64, 6];
/** Something ends in this state. */
const HIT = 0x8000;
/** UTF-16 units that are read at once: those of an array cost half of what those of a string cost. */
const BLOCK = 8192;
const units = new Uint16Array(BLOCK);
const bytes = Buffer.from(units.buffer);

interface Hit<T> {
  readonly length: number;
  readonly value: T;
}

/**
 * Finds every occurrence of many ASCII literals, whatever their case, in one pass (Aho-Corasick): the time does not
 * depend on how many there are, so a rule costs nothing in a text that does not hold its literal.
 */
export class LiteralScanner<T> {
  /** The column of a character in the table; 0 for what stands in no literal. */
  private readonly columns = new Uint8Array(ASCII);
  /**
   * Where each state goes with each column. States are numbered level by level, so that those which a text is in nearly
   * all the time lie together.
   */
  private readonly next: Uint16Array;
  private readonly hits: readonly (readonly Hit<T>[])[];

  /**
   * @param entries literals of at least one character
   * @throws RangeError where they are more than the table has room for
   */
  constructor(entries: readonly (readonly [literal: string, value: T])[]) {
    let columns = 1;
    const children: Map<number, number>[] = [new Map()];
    const hits: Hit<T>[][] = [[]];
    for (const [literal, value] of entries) {
      let state = 0;
      for (const character of literal.toLowerCase()) {
        const column = (this.columns[character.charCodeAt(0)] ||= columns++);
        this.columns[character.toUpperCase().charCodeAt(0)] = column;
        let child = children[state]!.get(column);
        if (child === undefined) {
          child = children.push(new Map()) - 1;
          hits.push([]);
          children[state]!.set(column, child);
        }
        state = child;
      }
      hits[state]!.push({ length: literal.length, value });
    }
    if (columns > COLUMNS || children.length > HIT) throw new RangeError('More literals than a table holds');

    const after = new Uint16Array(children.length << SHIFT);
    const fallback = new Uint16Array(children.length);
    const queue = [0];
    for (const state of queue) {
      const behind = fallback[state]!;
      if (state !== 0) hits[state]!.push(...hits[behind]!);
      for (let column = 0; column < columns; column++) {
        const child = children[state]!.get(column);
        const otherwise = state === 0 ? 0 : after[(behind << SHIFT) + column]!;
        if (child !== undefined) {
          fallback[child] = otherwise;
          queue.push(child);
        }
        after[(state << SHIFT) + column] = child ?? otherwise;
      }
    }
    const numbers = new Uint16Array(children.length);
    for (const [number, state] of queue.entries()) numbers[state] = number | (hits[state]!.length > 0 ? HIT : 0);
    this.next = new Uint16Array(after.length);
    for (const [number, state] of queue.entries())
      for (let column = 0; column < columns; column++)
        this.next[(number << SHIFT) + column] = numbers[after[(state << SHIFT) + column]!]!;
    this.hits = queue.map((state) => hits[state]!);
  }

  /**
   * Calls back for each occurrence, in the order in which they end.
   * @param visit scans nothing itself: there is room for the units of one text
   */
  scan(text: string, visit: (value: T, start: number, end: number) => void): void {
    const { columns, next, hits } = this;
    let state = 0;
    for (let from = 0; from < text.length; from += BLOCK) {
      const block = text.length > BLOCK ? text.slice(from, from + BLOCK) : text;
      bytes.write(block, 'utf16le');
      for (let at = 0; at < block.length; at++) {
        const code = units[at]!;
        state = next[(state << SHIFT) + (code < ASCII ? columns[code]! : 0)]!;
        if (state < HIT) continue;
        state -= HIT;
        const end = from + at + 1;
        for (const { length, value } of hits[state]!) visit(value, end - length, end);
      }
    }
  }
}
