import { isSmall } from '../small-letters.js';
import type { SqlReading } from './sql-readings.js';
import { SqlScanner, type SqlTokenKind } from './sql-tokens.js';
import { wordRoles, type WordRole } from './sql-words.rules.js';

/** A token with what its word means; comments are left out of the queue. */
export interface CodeToken {
  readonly kind: Exclude<SqlTokenKind, 'comment'>;
  readonly start: number;
  readonly end: number;
  readonly closed: boolean;
  /** In lower case; empty for what is no word. */
  readonly word: string;
  readonly role: WordRole | undefined;
}

/** The code of a text, scanned as far as somebody looks. */
export class TokenQueue {
  comments = 0;
  /** Where the comment begins that the text ends in. */
  trailingComment: number | undefined;
  #ended = false;
  readonly #tokens: CodeToken[] = [];
  readonly #scanner: SqlScanner;

  constructor(
    readonly text: string,
    reading: SqlReading,
    from: number,
    private readonly limit: number,
  ) {
    this.#scanner = new SqlScanner(text, reading, from);
  }

  /** @returns undefined behind the last one, and behind the limit */
  at(index: number): CodeToken | undefined {
    while (index >= this.#tokens.length && !this.#ended) this.#pull();
    return this.#tokens[index];
  }

  #pull(): void {
    const scanner = this.#scanner;
    if (this.#tokens.length >= this.limit || !scanner.next()) {
      this.#ended = true;
      return;
    }
    const { kind, start, end, closed } = scanner;
    if (kind === 'comment') {
      this.comments++;
      this.trailingComment = this.trailingComment ?? start;
      return;
    }
    this.trailingComment = undefined;
    const word = kind === 'word' ? lowerCase(this.text.slice(start, Math.min(end, start + 64))) : '';
    this.#tokens.push({ kind, start, end, closed, word, role: word === '' ? undefined : wordRoles.get(word) });
  }
}

const lowerCase = (word: string): string => (isSmall(word) ? word : word.toLowerCase());
