import {
  type Detector,
  type Finding,
  inspectSql,
  type Pattern,
  type SqlInspection,
  type SqlRules,
} from '#libs/guardrails';
import type { SqlFields } from './sql-fields.js';

/** Judges each text as the statements it is. A text's issues are one finding, one to a line of its rule. */
export class SqlStatementDetector implements Detector {
  readonly #rules: SqlRules;
  /** For texts that are meant to be SQL. */
  readonly #rulesOfSql: SqlRules;

  constructor(
    rules: Omit<SqlRules, 'declared'>,
    private readonly patterns: readonly Pattern[],
    private readonly fields: SqlFields,
  ) {
    this.#rules = { ...rules, declared: false };
    this.#rulesOfSql = { ...rules, declared: true };
  }

  find(text: string, label?: string): readonly Finding[] {
    const issues = this.fields.has(label) ? this.#issues(text, label) : [];
    if (issues.length === 0) return [];
    return [{ type: 'sql_statement', start: 0, end: text.length, score: 1, rule: issues.join('\n') }];
  }

  stripped(text: string, label: string | undefined): string {
    const commented = text.includes('--') || text.includes('/*');
    return commented && this.fields.has(label) ? this.#inspect(text, label).stripped : text;
  }

  #issues(text: string, label: string | undefined): readonly string[] {
    const { issues, stripped } = this.#inspect(text, label);
    if (this.patterns.length === 0) return issues;
    const matched = this.patterns.filter((pattern) => pattern.test(stripped));
    return [...issues, ...matched.map(({ source }) => `Blocked statement matched: ${source}`)];
  }

  #inspect(text: string, label: string | undefined): SqlInspection {
    return inspectSql(text, this.fields.isSql(label) ? this.#rulesOfSql : this.#rules);
  }
}
