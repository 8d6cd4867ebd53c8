import { CONTENT_LIMITS, ContentLimitError } from '../content/content-limits.js';

/** What replacing makes of a text: rules that double it grow it beyond all memory. */
export class GrowingText {
  readonly #parts: string[] = [];
  #length = 0;

  /** @throws ContentLimitError where it is longer than any walk takes */
  add(part: string): void {
    if ((this.#length += part.length) > CONTENT_LIMITS.chars)
      throw new ContentLimitError('chars', CONTENT_LIMITS.chars);
    this.#parts.push(part);
  }

  /** All that was added, and this. */
  with(last: string): string {
    if (this.#parts.length === 0) return last;
    this.add(last);
    return this.#parts.join('');
  }
}
