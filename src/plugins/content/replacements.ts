import type { Content, ContentText, Detector, Finding, Pattern } from '#libs/guardrails';
import type { JsonObject } from '#libs/mcp';
import { isProse } from './prose.js';

/** A reference to a group; of what is encoded there are none. */
const GROUP = /\\(?:\d{1,2}|g<\w+>)|\$(?:\d{1,2}|&|<\w+>)/g;

export interface Replacement {
  readonly pattern: Pattern;
  readonly replacement: string;
}

/** Patterns that are replaced one after the other, in everything that is said and in what is encoded there. */
export class Replacements {
  constructor(private readonly all: readonly Replacement[]) {}

  /** @param where the names of arguments are the tool's own, and stay */
  in(content: Content, where: 'arguments' | 'result'): JsonObject {
    const mayChange = (at: ContentText): boolean =>
      at.kind === 'key' ? where === 'result' || at.path.length > 1 : where === 'arguments' || isProse(at);
    const made = content.map((text, at) => {
      const replaced = this.#replaced(text);
      return replaced === text || !mayChange(at) ? text : replaced;
    });
    return this.#hidden(made, mayChange).value as JsonObject;
  }

  #replaced(text: string): string {
    return this.all.reduce((made, { pattern, replacement }) => pattern.replaceAll(made, replacement), text);
  }

  /** What only shows once something is decoded, or joined. */
  #hidden(content: Content, mayChange: (at: ContentText) => boolean): Content {
    // As they stand the texts have been looked at.
    const plain = new Set(content.texts().map(({ text }) => text));
    const detector: Detector = { find: (text) => (plain.has(text) ? [] : this.#find(text)) };
    const found = content.find(detector).filter(({ text }) => text.kind !== 'number' && mayChange(text));
    return content.replace(found, ({ rule }) => (this.all[Number(rule)]?.replacement ?? '').replaceAll(GROUP, ''));
  }

  #find(text: string): Finding[] {
    return this.all.flatMap(({ pattern }, index) =>
      pattern.spans(text).map((span) => ({ ...span, type: 'pattern', score: 1, rule: String(index) })),
    );
  }
}
