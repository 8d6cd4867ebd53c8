import type { Detector, Finding } from '#libs/guardrails';

const SPECIAL = /[\\^$.*+?()[\]{}|/-]/g;
const fold = (word: string): string => word.normalize('NFKC').toLowerCase();

/** Finds the words of a list, whatever their case. One alternation of literals: linear in the text. */
export class WordDetector implements Detector {
  readonly #words: RegExp;

  constructor(words: readonly string[], whole: boolean) {
    // The longest first: of two that begin alike the whole is found.
    const literals = [...new Set(words.map(fold))].toSorted((a, b) => b.length - a.length);
    const any = literals.map((word) => word.replaceAll(SPECIAL, String.raw`\$&`)).join('|');
    this.#words = new RegExp(whole ? String.raw`(?<![\p{L}\p{N}])(?:${any})(?![\p{L}\p{N}])` : any, 'giu');
  }

  find(text: string): readonly Finding[] {
    return Array.from(text.matchAll(this.#words), ({ 0: word, index }) => ({
      type: 'deny_word',
      start: index,
      end: index + word.length,
      score: 1,
      rule: 'word',
    }));
  }
}
