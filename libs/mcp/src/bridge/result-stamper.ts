import { CLOSE, COLON, COMMA, kindAt, OPEN, QUOTE } from '../json-lexis.js';

const BACKSLASH = 0x5c;
const QUOTE_BYTE = 0x22;
const OPEN_BRACE = 0x7b;
const WORD = 'resultType';
const STAMP = '"resultType":"complete"';

/**
 * Puts `resultType` into the result of one answer that passes by in chunks, if it ends without one. Chunks may end
 * anywhere. Everything else goes on as it came; once nothing can be missing any more, unread.
 */
export class ResultStamper {
  #done = false;
  #depth = 0;
  #inString = false;
  /** The chunk before ended in a backslash that escapes the first byte of this one. */
  #escaped = false;
  /** The last string of the two outer levels, as far as it matters. */
  #word = '';
  #inResult = false;
  #resultIsObject = false;
  #resultIsEmpty = true;

  /** The chunk, or the chunk with the stamp in it. */
  pass(chunk: Buffer): Buffer {
    const at = this.#done ? -1 : this.#read(chunk);
    if (at === -1) return chunk;
    const stamp = Buffer.from(this.#resultIsEmpty ? STAMP : `,${STAMP}`);
    return Buffer.concat([chunk.subarray(0, at), stamp, chunk.subarray(at)]);
  }

  /** Index at which the stamp belongs, or -1. */
  #read(chunk: Buffer): number {
    let i = 0;
    while (i < chunk.length) {
      if (this.#inString) {
        i = this.#readString(chunk, i);
        continue;
      }
      if (this.#structure(kindAt(chunk, i), chunk[i])) return i;
      if (this.#done) return -1;
      i++;
    }
    return -1;
  }

  /** Index after the string, or the end of the chunk. */
  #readString(chunk: Buffer, from: number): number {
    const first = this.#escaped ? from + 1 : from;
    let quote = first;
    this.#escaped = false;
    for (;;) {
      quote = chunk.indexOf(QUOTE_BYTE, quote);
      const end = quote === -1 ? chunk.length : quote;
      let run = end;
      while (run > first && chunk[run - 1] === BACKSLASH) run--;
      const escaping = (end - run) % 2 === 1;
      if (quote !== -1 && escaping) {
        quote++;
        continue;
      }
      if (this.#depth <= 2 && this.#word.length <= WORD.length) {
        this.#word += chunk.toString('latin1', from, Math.min(end, from + WORD.length + 1));
      }
      this.#inString = quote === -1;
      this.#escaped = quote === -1 && escaping;
      return quote === -1 ? end : end + 1;
    }
  }

  /** True where the result ends without saying what kind it is. */
  #structure(kind: number, byte: number | undefined): boolean {
    switch (kind) {
      case QUOTE:
        this.#inString = true;
        this.#word = '';
        if (this.#depth === 2) this.#resultIsEmpty = false;
        break;
      case COLON:
        if (this.#depth === 1) this.#inResult = this.#word === 'result';
        else if (this.#depth === 2 && this.#inResult && this.#word === WORD) this.#done = true;
        break;
      case COMMA:
        if (this.#depth === 1) this.#inResult = false;
        break;
      case OPEN:
        if (++this.#depth === 2) {
          this.#resultIsObject = byte === OPEN_BRACE;
          this.#resultIsEmpty = true;
        }
        break;
      case CLOSE:
        if (this.#depth-- === 2 && this.#inResult) {
          this.#done = true;
          return this.#resultIsObject;
        }
        break;
    }
    return false;
  }
}
