import type { Detector } from '../detector.js';
import type { Finding } from '../finding.js';
import { Evidence, type Judgement } from './evidence.js';
import { type LetterSet, meet } from './letter-set.js';
import { Scanner, type Words } from './scanner.js';
import { type CompiledTemplate, compileTemplate } from './template.js';
import { TEMPLATES } from './templates.rules.js';
import { Vocabulary } from './vocabulary.js';

/**
 * Judges a text by words and by the sentences they stand in, without a model. It knows English (and the words of sex of
 * some other languages), goes by what is said and not by what is meant, and so misses what is only implied.
 */
export class ModerationLexicon implements Detector {
  static #shared: { vocabulary: Vocabulary; templates: readonly CompiledTemplate[] } | undefined;
  readonly #vocabulary: Vocabulary;
  readonly #templates: readonly CompiledTemplate[];
  readonly #scanner: Scanner;

  constructor() {
    // The tables never change; building them takes some milliseconds.
    ModerationLexicon.#shared ??= { vocabulary: new Vocabulary(), templates: TEMPLATES.map(compileTemplate) };
    ({ vocabulary: this.#vocabulary, templates: this.#templates } = ModerationLexicon.#shared);
    this.#scanner = new Scanner(this.#vocabulary);
  }

  find(text: string): readonly Finding[] {
    return this.judge(text).findings;
  }

  judge(text: string): Judgement {
    const words = this.#scanner.read(text);
    const evidence = new Evidence(words, this.#vocabulary);
    let line: string | undefined;
    for (const template of this.#templates) {
      if (possible(template, words.present)) evidence.match(template, (line ??= lineOf(words)));
    }
    return evidence.judge();
  }
}

function possible({ needs }: CompiledTemplate, present: LetterSet): boolean {
  for (const need of needs) if (!meet(need, present)) return false;
  return true;
}

const lineOf = ({ letters, length }: Words): string => Buffer.from(letters.buffer, 0, length).toString('latin1');
