import { type Detector, type Finding, isSqlStatement, SqlInjectionDetector } from '#libs/guardrails';
import type { SqlFields } from './sql-fields.js';

/** Finds what breaks out of a value. A whole statement breaks out of nothing: the rules for statements judge it. */
export class SqlFragmentDetector implements Detector {
  readonly #injection = new SqlInjectionDetector();

  constructor(private readonly fields: SqlFields) {}

  find(text: string, label?: string): readonly Finding[] {
    if (!this.fields.has(label)) return [];
    const found = this.#injection.find(text).filter(({ rule }) => rule !== 'statement');
    return found.length > 0 && isSqlStatement(text) ? [] : found;
  }
}
