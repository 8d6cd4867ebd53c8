import { RE2JS } from 're2js';

/** A regular expression from configuration, run in time linear in the text. */
export class OperatorPattern {
  readonly #pattern: RE2JS;

  /** @throws SyntaxError with the name, where the pattern is not RE2: look-around and back-references are not */
  constructor(
    pattern: string,
    readonly name: string,
    flags = 0,
  ) {
    try {
      this.#pattern = RE2JS.compile(pattern, flags);
    } catch (error) {
      throw new SyntaxError(`${name}: ${error instanceof Error ? error.message : 'not a regular expression'}`, {
        cause: error,
      });
    }
  }

  /** Where it matches, from the left, none empty, at most `most` of them. */
  find(text: string, most: number): [start: number, end: number][] {
    const found: [number, number][] = [];
    const matcher = this.#pattern.matcher(text);
    while (found.length < most && matcher.find())
      if (matcher.end() > matcher.start()) found.push([matcher.start(), matcher.end()]);
    return found;
  }
}
