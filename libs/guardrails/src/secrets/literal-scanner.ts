const ASCII = 128;

/**
 * Finds every occurrence of many ASCII literals, whatever their case, in one pass (Aho-Corasick): the time does not
 * depend on how many there are, so a rule costs nothing in a text that does not hold its literal.
 */
export class LiteralScanner<T> {
  /** The column of a character in the table; 0 for what stands in no literal. */
  private readonly columns = new Uint8Array(ASCII);
  private readonly width: number;
  /** Where each state goes with each column; a state is the offset of its row, negated bit by bit where something ends. */
  private readonly next: Int32Array;
  private readonly hits: (readonly { readonly length: number; readonly value: T }[])[];

  /** @param entries literals of at least one character */
  constructor(entries: readonly (readonly [literal: string, value: T])[]) {
    let columns = 1;
    const lowered = entries.map(([literal, value]) => [literal.toLowerCase(), value] as const);
    for (const [literal] of lowered)
      for (const character of literal) {
        if (this.columns[character.charCodeAt(0)]) continue;
        this.columns[character.charCodeAt(0)] = columns;
        this.columns[character.toUpperCase().charCodeAt(0)] = columns++;
      }
    this.width = columns;

    const children: Map<number, number>[] = [new Map()];
    const hits: { length: number; value: T }[][] = [[]];
    for (const [literal, value] of lowered) {
      let state = 0;
      for (const character of literal) {
        const column = this.columns[character.charCodeAt(0)]!;
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

    this.next = new Int32Array(children.length * columns);
    const fallback = new Uint32Array(children.length);
    const queue = [0];
    for (const state of queue) {
      const behind = fallback[state]!;
      if (state !== 0) hits[state]!.push(...hits[behind]!);
      for (let column = 0; column < columns; column++) {
        const child = children[state]!.get(column);
        const otherwise = state === 0 ? 0 : this.next[behind * columns + column]! / columns;
        if (child !== undefined) {
          fallback[child] = otherwise;
          queue.push(child);
        }
        this.next[state * columns + column] = (child ?? otherwise) * columns;
      }
    }
    this.hits = hits;
    for (let at = 0; at < this.next.length; at++) {
      const state = this.next[at]!;
      if (hits[state / columns]!.length > 0) this.next[at] = ~state;
    }
  }

  /** Calls back for each occurrence, in the order in which they end. */
  scan(text: string, visit: (value: T, start: number, end: number) => void): void {
    const { columns, next, width, hits } = this;
    let state = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      state = next[state + (code < ASCII ? columns[code]! : 0)]!;
      if (state >= 0) continue;
      state = ~state;
      for (const { length, value } of hits[state / width]!) visit(value, at + 1 - length, at + 1);
    }
  }
}
