import { LineSplitter } from './line-splitter.js';

/** Bytes of one process that are written down. */
const MOST = 64 * 1024;
const LONGEST_LINE = 1024;
const SHORTEST_SECRET = 4;

/** What a process writes to its standard error, for the log of the gateway alone: bounded, and without its secrets. */
export class ProcessLog {
  #left = MOST;
  readonly #lines = new LineSplitter(2 * MOST);
  /** As they would be written, the longest first. */
  readonly #secrets: readonly string[];

  constructor(
    secrets: readonly string[],
    private readonly write: (line: string) => void,
  ) {
    const lines = secrets.flatMap((secret) => secret.split(/[\r\n]+/)).map(printable);
    this.#secrets = lines.filter(({ length }) => length >= SHORTEST_SECRET).sort((a, b) => b.length - a.length);
  }

  feed(chunk: Buffer): void {
    if (this.#left <= 0) return;
    const taken = chunk.subarray(0, this.#left);
    this.#left -= taken.length;
    for (const line of this.#lines.feed(taken)) this.write(this.#clean(line.toString('utf8')));
    if (this.#left <= 0) this.write('… the rest is not written down');
  }

  #clean(text: string): string {
    let clean = printable(text);
    for (const secret of this.#secrets) clean = clean.replaceAll(secret, '***');
    return clean.slice(0, LONGEST_LINE);
  }
}

const printable = (text: string): string =>
  text.replace(/[\p{Control}\p{Format}\p{Line_Separator}\p{Paragraph_Separator}]+/gu, ' ');
