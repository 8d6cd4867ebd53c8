const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** A line is longer than may be; what follows can't be told from it. */
export class LineTooLongError extends Error {
  override readonly name = 'LineTooLongError';
}

/** Cuts bytes into lines. Chunks may end anywhere, and a line is put together once, however many chunks it takes. */
export class LineSplitter {
  #pieces: Buffer[] = [];
  #bytes = 0;

  /** @param most bytes of a line */
  constructor(private readonly most: number) {}

  /** The lines that the chunk ends, without their ends and without blank ones. @throws LineTooLongError */
  feed(chunk: Buffer): Buffer[] {
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      this.#keep(chunk.subarray(start, end));
      const line = this.#taken();
      if (line.length > 0) lines.push(line);
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
    return lines;
  }

  #keep(piece: Buffer): void {
    this.#bytes += piece.length;
    if (this.#bytes > this.most) throw new LineTooLongError(`a line is longer than ${this.most} bytes`);
    if (piece.length > 0) this.#pieces.push(piece);
  }

  #taken(): Buffer {
    const line = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#bytes = 0;
    return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
  }
}
