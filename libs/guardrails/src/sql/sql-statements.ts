import { isAlwaysTrue } from './always-true.js';
import { beginsWithVerb, isSqlStatement } from './is-sql-statement.js';
import { parseSql, type SqlNode } from './sql-parser.js';
import { mysqlReading, postgresReading, type SqlReading, transactReading } from './sql-readings.js';
import { sqlTokens } from './sql-tokens.js';
import { sensitiveTable } from './sql-words.rules.js';
import { beginsStatement } from './statement-shape.js';
import { type CodeToken, TokenQueue } from './token-queue.js';

export interface SqlRules {
  /** The text is meant to be SQL, so that what cannot be parsed is judged all the same. */
  readonly declared: boolean;
  /** Verbs, such as `DROP`, or patterns of one, such as `\bDROP\b`. */
  readonly blockedStatements: readonly string[];
  readonly blockDeleteWithoutWhere: boolean;
  readonly blockUpdateWithoutWhere: boolean;
  readonly requireParameterization: boolean;
  /** More than one statement, EXEC and its kind, UNION with a system table or one of credentials, INTO OUTFILE. */
  readonly blockAttacks: boolean;
}

export interface SqlInspection {
  /** What is wrong, each once; nothing of the text is in them. */
  readonly issues: readonly string[];
  /** The text without its comments; what is a comment to some databases only stays. */
  readonly stripped: string;
}

/** In characters, and in tokens: a longer text in a field of SQL is an issue itself. */
const longest = 100_000;
const mostTokens = 20_000;
/** How many clauses are read on from one place, each for itself. */
const mostClauses = 64;
const tooLong = 'SQL is too long to be inspected';

const readings: readonly SqlReading[] = [mysqlReading, postgresReading, transactReading];
const openers = /^(?:begin|then|else|do|as|explain|analyze|analyse|verbose|go|instead|loop|atomic)$/;
const whereEnds = /^(?:order|limit|returning|group|option|offset|window|fetch)$/;
const procedures = /^(?:xp|sp)_\w/;

/** Judges a text as the statements that it is; what is no SQL has no issues. Plugins contract 2.6. */
export function inspectSql(text: string, rules: SqlRules): SqlInspection {
  const unchanged = { issues: [], stripped: text };
  if (!rules.declared && !isSqlStatement(text)) return unchanged;
  if (text.length > longest) return { issues: [tooLong], stripped: text };

  const issues = new Set<string>();
  let doubtful = false;
  for (const reading of readings) doubtful = new StatementRules(text, reading, rules, issues).check() || doubtful;
  // The parser takes milliseconds: it is asked only where the tokens leave a doubt.
  if (doubtful && issues.size === 0 && beginsWithVerb(text)) {
    for (const tree of parseSql(text) ?? []) checkTree(tree, rules, issues);
  }
  return { issues: [...issues], stripped: withoutComments(text) };
}

/** `DROP` for `\bDROP\b`. */
function verbOf(entry: string): string {
  return entry.replaceAll('\\b', '').toLowerCase();
}

/** The rules for one text in one reading. */
class StatementRules {
  readonly #queue: TokenQueue;
  #statements = 0;
  #clauses = 0;
  #doubtful = false;
  readonly #verbs: ReadonlySet<string>;

  constructor(
    private readonly text: string,
    reading: SqlReading,
    private readonly rules: SqlRules,
    private readonly issues: Set<string>,
  ) {
    this.#queue = new TokenQueue(text, reading, 0, mostTokens);
    this.#verbs = new Set(['delete', 'update', ...rules.blockedStatements.map(verbOf)]);
  }

  /** @returns whether a verb of the rules stands where no statement was seen */
  check(): boolean {
    const { rules, issues } = this;
    let starts = true;
    let at = 0;
    for (; ; at++) {
      const token = this.#queue.at(at);
      if (token === undefined) break;
      if (starts && token.kind !== 'semicolon' && token.kind !== 'open') this.#statements++;
      if (token.kind === 'word') this.#word(token, at, starts);
      else if (token.kind === 'string' && rules.requireParameterization) this.#literal(at);
      starts = token.kind === 'semicolon' || (starts && token.kind === 'open');
    }
    if (at === mostTokens || this.#clauses > mostClauses) issues.add(tooLong);
    if (rules.blockAttacks && this.#statements > 1) issues.add('Stacked statements');
    return this.#doubtful;
  }

  #word(token: CodeToken, at: number, starts: boolean): void {
    const { rules, issues } = this;
    const { word } = token;
    const before = this.#queue.at(at - 1);
    if (before?.kind === 'dot') return;
    const begins = starts || before?.kind === 'open' || openers.test(before?.word ?? '');
    if (begins || this.#follows(token, before, at)) this.#statement(word, at);
    else this.#doubtful ||= this.#verbs.has(word);
    if (!rules.blockAttacks) return;
    if (word === 'union') this.#union(at);
    if (word === 'outfile' || word === 'dumpfile') issues.add('INTO OUTFILE writes a file');
    if (procedures.test(word) && (before?.kind !== 'word' || before.role === 'statement'))
      issues.add('EXEC of a system procedure');
  }

  /** Transact-SQL needs no semicolon between statements. */
  #follows(token: CodeToken, before: CodeToken | undefined, at: number): boolean {
    if (token.role !== 'statement' || before?.role === 'clause' || before?.role === 'for') return false;
    return token.word !== 'select' && beginsStatement(this.#queue, at);
  }

  #statement(word: string, at: number): void {
    const { rules, issues } = this;
    const next = this.#queue.at(at + 1);
    const isCall = next?.kind === 'open' && word !== 'select';
    for (const entry of rules.blockedStatements) {
      if (verbOf(entry) === word && !isCall && next?.kind !== 'operator' && next?.kind !== 'comma')
        issues.add(`Blocked statement matched: ${entry}`);
    }
    if (rules.blockAttacks && (word === 'exec' || word === 'execute')) issues.add('EXEC of a procedure');
    if (word === 'delete' && rules.blockDeleteWithoutWhere && isDelete(next)) this.#where('DELETE', at);
    if (word === 'update' && rules.blockUpdateWithoutWhere && next?.word !== 'set' && !isCall)
      this.#where('UPDATE', at);
  }

  #where(verb: string, at: number): void {
    if (++this.#clauses > mostClauses) return;
    const { issues } = this;
    const condition = this.#condition(at + 1);
    if (condition === undefined) issues.add(`${verb} without WHERE clause`);
    else if (isAlwaysTrue(this.text, condition)) issues.add(`${verb} with a WHERE clause that is always true`);
  }

  /** @returns the tokens of the WHERE clause that belongs to the statement before the place */
  #condition(from: number): readonly CodeToken[] | undefined {
    let depth = 0;
    let condition: CodeToken[] | undefined;
    for (let at = from; ; at++) {
      const token = this.#queue.at(at);
      if (token === undefined || token.kind === 'semicolon') return condition;
      if (token.kind === 'open') depth++;
      else if (token.kind === 'close' && --depth < 0) return condition;
      if (depth === 0 && token.kind === 'word') {
        if (token.word === 'where') {
          condition = [];
          continue;
        }
        if (condition !== undefined && whereEnds.test(token.word)) return condition;
        if (this.#follows(token, this.#queue.at(at - 1), at)) return condition;
      }
      condition?.push(token);
    }
  }

  #union(at: number): void {
    if (++this.#clauses > mostClauses) return;
    for (let offset = at + 1; offset < at + 400; offset++) {
      const token = this.#queue.at(offset);
      if (token === undefined || token.kind === 'semicolon') return;
      const before = this.#queue.at(offset - 1);
      const isTable = before?.word === 'from' || before?.role === 'join' || before?.kind === 'dot';
      const name = token.kind === 'name' ? this.text.slice(token.start + 1, token.end - 1) : token.word;
      if (isTable && sensitiveTable.test(name)) {
        this.issues.add('UNION with a sensitive table');
        return;
      }
    }
  }

  /** A value written into the statement where a parameter belongs. */
  #literal(at: number): void {
    const before = this.#queue.at(at - 1);
    const compared =
      before?.role === 'compare' ||
      (before?.kind === 'operator' && /[=<>|+]/.test(this.text.slice(before.start, before.end)));
    const listed = (before?.kind === 'open' || before?.kind === 'comma') && this.#isList(at);
    if (compared || listed) this.issues.add('Possible non-parameterized interpolation detected');
  }

  /** `IN ('a', 'b')`, `VALUES ('a', 'b')`, but not the arguments of a function. */
  #isList(at: number): boolean {
    for (let back = at - 1; back >= 0 && back > at - 100; back--) {
      const token = this.#queue.at(back)!;
      if (token.kind !== 'open') continue;
      const before = this.#queue.at(back - 1);
      return before?.word === 'in' || before?.word === 'values' || before?.kind === 'comma';
    }
    return false;
  }
}

function isDelete(next: CodeToken | undefined): boolean {
  // MERGE … WHEN MATCHED THEN DELETE WHEN NOT MATCHED
  return (next?.kind === 'word' && next.word !== 'when') || next?.kind === 'name' || next?.kind === 'string';
}

/** What the tokens may have hidden from the rules, the parser's tree shows: statements at any depth. */
function checkTree(tree: SqlNode, rules: SqlRules, issues: Set<string>): void {
  const nodes: unknown[] = [tree];
  for (let seen = 0; nodes.length > 0 && seen < mostTokens; seen++) {
    const node = nodes.pop();
    if (typeof node !== 'object' || node === null) continue;
    nodes.push(...Object.values(node));
    const { type, where } = node as SqlNode;
    const absent = where === null || where === undefined;
    if (type === 'delete' && absent && rules.blockDeleteWithoutWhere) issues.add('DELETE without WHERE clause');
    if (type === 'update' && absent && 'table' in node && rules.blockUpdateWithoutWhere)
      issues.add('UPDATE without WHERE clause');
    for (const entry of node === tree ? rules.blockedStatements : []) {
      if (verbOf(entry) === type) issues.add(`Blocked statement matched: ${entry}`);
    }
  }
}

/** Only what every reading takes for a comment is taken out, and never a part of a literal or of code. */
function withoutComments(text: string): string {
  if (!text.includes('--') && !text.includes('/*')) return text;
  const seen = new Map<number, number>();
  for (const reading of readings) {
    for (const { kind, start, end } of sqlTokens(text, reading, mostTokens)) {
      if (kind === 'comment')
        seen.set(start * (text.length + 1) + end, (seen.get(start * (text.length + 1) + end) ?? 0) + 1);
    }
  }
  let stripped = '';
  let from = 0;
  for (const [span, count] of seen) {
    if (count < readings.length) continue;
    stripped += `${text.slice(from, Math.floor(span / (text.length + 1)))} `;
    from = span % (text.length + 1);
  }
  return from === 0 ? text : (stripped + text.slice(from)).trim();
}
