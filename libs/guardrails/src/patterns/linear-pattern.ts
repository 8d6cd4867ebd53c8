import { type Matcher, RE2JS } from 're2js';
import type { Pattern, Span } from './pattern.js';
import { expand, type Groups } from './replacement.js';

/** A regular expression on an automaton: no backtracking, so no input makes it slow. */
export class LinearPattern implements Pattern {
  constructor(
    readonly source: string,
    private readonly compiled: RE2JS,
  ) {}

  test(text: string): boolean {
    return this.compiled.test(text);
  }

  spans(text: string): readonly Span[] {
    const spans: Span[] = [];
    const matcher = this.compiled.matcher(text);
    while (matcher.find()) {
      if (matcher.end() > matcher.start()) spans.push({ start: matcher.start(), end: matcher.end() });
    }
    return spans;
  }

  replaceAll(text: string, replacement: string): string {
    const matcher = this.compiled.matcher(text);
    const parts: string[] = [];
    let done = 0;
    while (matcher.find()) {
      parts.push(text.slice(done, matcher.start()), expand(replacement, groupsOf(matcher)));
      done = matcher.end();
    }
    return done === 0 && parts.length === 0 ? text : parts.join('') + text.slice(done);
  }
}

function groupsOf(matcher: Matcher): Groups {
  return {
    count: matcher.groupCount(),
    has: (name) => Object.hasOwn(matcher.namedGroups, name),
    get: (group) => matcher.group(group) ?? '',
  };
}
