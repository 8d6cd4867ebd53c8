import { fragmentReading } from './sql-readings.js';
import { type CodeToken, TokenQueue } from './token-queue.js';

export type FragmentRule =
  | 'union_select'
  | 'subselect'
  | 'tautology'
  | 'condition'
  | 'quote_break'
  | 'comment_tail'
  | 'attack_function'
  | 'sql_functions'
  | 'order_probe'
  | 'file_access'
  | 'stacked_statement'
  | 'statement';

export interface Fragment {
  readonly rule: FragmentRule;
  /** Where what was recognised ends. */
  readonly end: number;
}

/** What stands between two of AND, OR, commas and the ends. */
interface Term {
  literals: number;
  variables: number;
  names: number;
  compares: number;
  firstName: string;
  lastName: string;
}

interface Frame {
  readonly select: boolean;
  readonly call: string;
}

const mostTokens = 600;

/** How far a fragment has been read, and what has been seen in it. */
export class FragmentState {
  readonly queue: TokenQueue;
  /** Which token is being read. */
  index = 0;
  /** A value stands there, so that an operator or the end of the clause has to follow. */
  operand = false;
  started = false;
  /** A value has been closed or ended, so that what follows is code that somebody put behind it. */
  injected: boolean;
  /** The term stands behind AND, OR, WHERE or HAVING; `logicWord` if it was no mark. */
  logic = false;
  logicWord = false;
  /** Its AND is still to come. */
  between = false;
  /** The value has been given a name. */
  alias = false;
  cases = 0;
  /** A CASE has come to its END. */
  ended = false;
  systemVariable = false;
  /** The text begins with a variable, which may be Perl's. */
  foreign = false;
  /** `1=1 and`: a comparison of constants stands in front. */
  constantFirst = false;
  /** Functions of SQL that are called: two for each, one for all that other languages have too. */
  calls = 0;
  unions = 0;
  select = false;
  /** Whether the first thing selected is a name, which in English is any word. */
  selectItems: '' | 'name' | 'value' = '';
  from = false;
  operators = 0;
  /** The SELECT stands behind a value without anything between them. */
  bare = false;
  readonly frames: Frame[] = [];
  term = newTerm();
  hit: Fragment | undefined;

  constructor(
    readonly text: string,
    readonly at: number,
    readonly quote: string,
  ) {
    this.queue = new TokenQueue(text, fragmentReading, at, mostTokens);
    this.injected = quote !== '';
    this.operand = quote !== '';
  }

  found(rule: FragmentRule, end: number): true {
    this.hit ??= { rule, end };
    return true;
  }

  look(offset: number): CodeToken | undefined {
    return this.queue.at(this.index + offset);
  }

  takesAlias(): boolean {
    return !this.alias && (this.select || this.look(-1)?.kind === 'close');
  }

  isCall(): boolean {
    return this.look(1)?.kind === 'open';
  }

  startSelect(): void {
    this.select = true;
    this.selectItems = '';
    this.from = false;
    this.alias = false;
    this.operand = false;
    this.logic = false;
    this.term = newTerm();
  }

  /** Whether what follows a value would be a second statement, as Transact-SQL allows without a semicolon. */
  juxtaposed(): boolean {
    if (!this.operand || !this.injected || this.look(-1)?.kind === 'word') return false;
    return this.index > 0 || this.behindValue();
  }

  push(call: string): void {
    this.frames.push({ select: this.select, call });
    this.select = false;
    this.alias = false;
  }

  #isConstant(): boolean {
    return this.term.names === 0 && !(this.foreign && this.term.variables > 0);
  }

  /** Constants are compared with each other. */
  constantEquals(): boolean {
    return this.term.compares > 0 && this.#isConstant() && this.term.literals > 1;
  }

  /** A SELECT is over: whether it was one. */
  subselect(token: { readonly start: number }): boolean {
    if (this.unions > 0 && this.selectItems !== '') return this.found('union_select', token.start);
    if (this.frames.length === 0) return false;
    if (this.selectItems === 'value' && !(this.alias && !this.from)) return this.found('subselect', token.start);
    return this.selectItems === 'name' && this.from && this.found('subselect', token.start);
  }

  /** AND and OR were followed by something: whether it is what a condition of an attack looks like. */
  endTerm(end: number, whole = true): void {
    const term = this.term;
    if (this.logic && this.operand && term.compares > 0) {
      const constant = this.#isConstant() && term.literals > 0;
      const same =
        term.names === 2 &&
        term.literals === 0 &&
        term.firstName === term.lastName &&
        (this.logicWord || this.injected);
      if (constant || same) this.found('tautology', end);
    }
    if (whole) this.term = newTerm();
  }

  /** Nothing but one value stands before the quote. */
  behindValue(): boolean {
    return this.at < 64 && /^[\w@.%)+-]{0,62}$/.test(this.text.slice(0, this.at - 1));
  }

  named(name: string): void {
    this.term.names++;
    if (this.term.firstName === '') this.term.firstName = name;
    this.term.lastName = name;
    if (this.select && !this.from && this.selectItems === '') this.selectItems = 'name';
  }

  takeValue(token: CodeToken): boolean {
    if (this.operand) {
      const before = this.look(-1);
      const concatenated = token.kind === 'string' && before?.kind === 'string';
      if (!concatenated && !(this.takesAlias() && (token.kind === 'string' || token.kind === 'name'))) return false;
      this.alias = !concatenated;
      return true;
    }
    this.operand = true;
    if (token.kind === 'name') this.named(this.text.slice(token.start + 1, token.end - 1));
    else this.term.literals++;
    if (token.kind === 'variable') this.#variable(token);
    if (token.kind !== 'name' && !this.started) this.injected = true;
    this.started = true;
    if (this.select && this.selectItems === '') this.selectItems = 'value';
    return true;
  }

  #variable(token: CodeToken): void {
    this.systemVariable ||= this.text[token.start + 1] === '@';
    this.foreign ||= !this.started && this.quote === '';
    this.term.variables++;
  }

  takeName(token: CodeToken): boolean {
    if (this.operand) {
      if (!this.takesAlias()) return false;
      // "select a region", "(select one option)"
      if (token.role !== undefined || /^(?:a|an|one|i)$/.test(this.look(-1)?.word ?? '')) return false;
      this.alias = true;
      return true;
    }
    this.operand = true;
    this.started = true;
    if (this.isCall()) {
      if (this.select && this.selectItems === '') this.selectItems = 'value';
      return true;
    }
    this.named(token.word);
    return true;
  }
}

function newTerm(): Term {
  return { literals: 0, variables: 0, names: 0, compares: 0, firstName: '', lastName: '' };
}
