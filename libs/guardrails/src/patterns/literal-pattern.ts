import type { Pattern, Span } from './pattern.js';
import { expand } from './replacement.js';

/** A fixed string: a regular expression without operators has nothing to go back to. */
export class LiteralPattern implements Pattern {
  /** `text.search` and `replaceAll` begin at the start whatever was searched before. */
  readonly #search: RegExp;

  constructor(
    readonly source: string,
    ignoreCase: boolean,
  ) {
    this.#search = new RegExp(source, ignoreCase ? 'giu' : 'gu');
  }

  test(text: string): boolean {
    return text.search(this.#search) !== -1;
  }

  spans(text: string): readonly Span[] {
    return Array.from(text.matchAll(this.#search), ({ 0: match, index }) => ({
      start: index,
      end: index + match.length,
    }));
  }

  replaceAll(text: string, replacement: string): string {
    return text.replaceAll(this.#search, (match) =>
      expand(replacement, { count: 0, has: () => false, get: () => match }),
    );
  }
}
