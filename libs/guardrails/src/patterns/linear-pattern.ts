import { type Matcher, RE2JS } from 're2js';
import { GrowingText } from './growing-text.js';
import type { Pattern, Span } from './pattern.js';
import { timed } from './pattern-time.js';
import { expand, type Groups } from './replacement.js';
import { TimedText } from './timed-text.js';

/**
 * A regular expression on an automaton: no backtracking, so that a search takes time linear in the text. All searches
 * for `[^!]*!|a` in many an `a` take time in its square, and a large pattern takes long for each character: what takes
 * too long is given up.
 */
export class LinearPattern implements Pattern {
  constructor(
    readonly source: string,
    private readonly compiled: RE2JS,
  ) {}

  test(text: string): boolean {
    return timed((tick) => this.#isIn(text, tick));
  }

  spans(text: string): readonly Span[] {
    return timed((tick) => {
      const spans: Span[] = [];
      for (const matcher of this.#matches(text, tick))
        if (matcher.end() > matcher.start()) spans.push({ start: matcher.start(), end: matcher.end() });
      return spans;
    });
  }

  replaceAll(text: string, replacement: string): string {
    return timed((tick) => {
      const made = new GrowingText();
      let done = 0;
      for (const matcher of this.#matches(text, tick)) {
        made.add(text.slice(done, matcher.start()));
        made.add(expand(replacement, groupsOf(matcher)));
        done = matcher.end();
      }
      return made.with(text.slice(done));
    });
  }

  /** Whether there are any is told in a tenth of the time in which they are found. */
  *#matches(text: string, tick: () => void): Generator<Matcher> {
    if (!this.#isIn(text, tick)) return;
    const matcher = this.compiled.matcher(timedText(text, tick));
    for (; matcher.find(); tick()) yield matcher;
  }

  #isIn(text: string, tick: () => void): boolean {
    return this.compiled.test(timedText(text, tick));
  }
}

// The engine takes objects too, as long as they say that they are strings; its types do not say so.
const timedText = (text: string, tick: () => void): string => new TimedText(text, tick) as unknown as string;

function groupsOf(matcher: Matcher): Groups {
  return {
    count: matcher.groupCount(),
    has: (name) => Object.hasOwn(matcher.namedGroups, name),
    get: (group) => matcher.group(group) ?? '',
  };
}
