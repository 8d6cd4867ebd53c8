import { GrowingText } from './growing-text.js';
import type { Pattern, Span } from './pattern.js';
import { timed } from './pattern-time.js';
import { expand } from './replacement.js';

/** A fixed string: a regular expression without operators has nothing to go back to. */
export class LiteralPattern implements Pattern {
  /** `text.search` and `matchAll` begin at the start whatever was searched before. */
  readonly #search: RegExp;

  constructor(
    readonly source: string,
    ignoreCase: boolean,
  ) {
    this.#search = new RegExp(source, ignoreCase ? 'giu' : 'gu');
  }

  test(text: string): boolean {
    return timed(() => text.search(this.#search) !== -1);
  }

  spans(text: string): readonly Span[] {
    return timed((tick) => Array.from(this.#matches(text, tick)));
  }

  replaceAll(text: string, replacement: string): string {
    return timed((tick) => {
      const made = new GrowingText();
      let done = 0;
      for (const { start, end } of this.#matches(text, tick)) {
        made.add(text.slice(done, start));
        made.add(expand(replacement, { count: 0, has: () => false, get: () => text.slice(start, end) }));
        done = end;
      }
      return made.with(text.slice(done));
    });
  }

  *#matches(text: string, tick: () => void): Generator<Span> {
    for (const { 0: match, index } of text.matchAll(this.#search)) {
      tick();
      yield { start: index, end: index + match.length };
    }
  }
}
