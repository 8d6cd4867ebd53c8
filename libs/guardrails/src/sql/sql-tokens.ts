import type { SqlReading } from './sql-readings.js';

export type SqlTokenKind =
  | 'number'
  | 'string'
  /** A bare word: a name or a keyword. */
  | 'word'
  /** A name in backticks or brackets. */
  | 'name'
  | 'variable'
  | 'operator'
  | 'open'
  | 'close'
  | 'comma'
  | 'dot'
  | 'semicolon'
  | 'comment'
  /** Nothing that SQL knows. */
  | 'other';

export interface SqlToken {
  readonly kind: SqlTokenKind;
  /** UTF-16 offsets; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  /** False for a string, name or comment that the text ends in. */
  readonly closed: boolean;
}

const SPACE = 1;
const DIGIT = 2;
const LETTER = 4;
const OPERATOR = 8;

const classes = new Uint8Array(128);
for (let code = 0; code <= 32; code++) classes[code] = SPACE;
for (let code = 48; code <= 57; code++) classes[code] = DIGIT;
for (let code = 65; code <= 90; code++) classes[code] = classes[code + 32] = LETTER;
classes[95] = LETTER;
for (const operator of '!%&*+-/:<=>^|~') classes[operator.charCodeAt(0)] = OPERATOR;

const operators = new Set(['<=>', '<>', '!=', '<=', '>=', '<<', '>>', '||', '&&', ':=', '::', '!<', '!>', '=*', '*=']);
const hexDigits = /[0-9a-f]*/iy;
const bits = /[01]*/y;
const decimals = /\d*(?:\.\d*)?(?:e[+-]?\d+)?/iy;
const dollarTag = /\$(?:[a-z_]\w{0,62})?\$/iy;
const version = /(?:\d{5,6}|\d{1,4}(?=[a-z]))?/iy;

/** Reads the tokens of a text one by one, never failing, in linear time; the current token stands in its fields. */
export class SqlScanner implements SqlToken {
  kind: SqlTokenKind = 'other';
  start = 0;
  end: number;
  closed = true;
  #executable = false;

  constructor(
    private readonly text: string,
    private readonly reading: SqlReading,
    from = 0,
  ) {
    this.end = from;
  }

  /** @returns false at the end of the text */
  next(): boolean {
    const { text } = this;
    let at = this.end;
    while (at < text.length && classOf(text.charCodeAt(at)) === SPACE) at++;
    if (at >= text.length) return false;
    this.start = at;
    this.closed = true;
    const code = text.charCodeAt(at);
    const kind = classOf(code);
    if (kind === LETTER) this.#word(at);
    else if (kind === DIGIT) this.#number(at);
    else if (kind === OPERATOR) return this.#operator(at, code);
    else this.#mark(at, code);
    return true;
  }

  #take(kind: SqlTokenKind, end: number): void {
    this.kind = kind;
    this.end = end;
  }

  #word(at: number): void {
    const { text } = this;
    let end = at + 1;
    while (end < text.length && isWord(text.charCodeAt(end))) end++;
    const quote = text.charCodeAt(end);
    // E'…', N'…', X'…', B'…', U&'…', _utf8'…': a letter or a character set in front of a literal.
    if (quote === 39 && (end - at === 1 ? /[enxbqu]/i.test(text[at]!) : text.charCodeAt(at) === 95)) {
      this.#string(end, 39, this.reading.backslashEscapes || /e/i.test(text[at]!));
      return;
    }
    this.#take('word', end);
  }

  #number(at: number): void {
    const { text } = this;
    const letter = text.charCodeAt(at) === 48 ? text.charCodeAt(at + 1) | 32 : 0;
    let end = at;
    if (letter === 120) end = endOf(hexDigits, text, at + 2);
    else if (letter === 98) end = endOf(bits, text, at + 2);
    else end = endOf(decimals, text, at);
    if (classOf(text.charCodeAt(end)) === LETTER && !keywordFollows(text, end)) {
      // MySQL's names may begin with a digit.
      while (end < text.length && isWord(text.charCodeAt(end))) end++;
      this.#take('word', end);
      return;
    }
    this.#take('number', end);
  }

  #operator(at: number, code: number): boolean {
    const { text, reading } = this;
    const second = text.charCodeAt(at + 1);
    if (code === 45 && second === 45 && this.#dashesComment(at + 2)) return this.#lineComment(at);
    if (code === 47 && second === 42) return this.#blockComment(at, reading);
    if (code === 42 && second === 47 && this.#executable) {
      this.#executable = false;
      this.end = at + 2;
      return this.next();
    }
    let length = 1;
    if (classOf(second) === OPERATOR) {
      if (operators.has(text.slice(at, at + 3))) length = 3;
      else if (operators.has(text.slice(at, at + 2))) length = 2;
    }
    this.#take('operator', at + length);
    return true;
  }

  #dashesComment(after: number): boolean {
    if (!this.reading.dashesNeedSpace || after >= this.text.length) return true;
    const kind = classOf(this.text.charCodeAt(after));
    return kind === SPACE || kind === LETTER;
  }

  #lineComment(at: number): boolean {
    const end = this.text.indexOf('\n', at);
    this.#take('comment', end < 0 ? this.text.length : end);
    return true;
  }

  #blockComment(at: number, reading: SqlReading): boolean {
    const { text } = this;
    if (reading.executableComments && !this.#executable && text.charCodeAt(at + 2) === 33) {
      this.#executable = true;
      this.end = endOf(version, text, at + 3);
      return this.next();
    }
    let end = text.indexOf('*/', at + 2);
    if (reading.nestedComments && end >= 0) end = nestedEnd(text, at);
    this.closed = end >= 0;
    this.#take('comment', end < 0 ? text.length : end + 2);
    return true;
  }

  #string(at: number, quote: number, backslashes: boolean): void {
    const { text } = this;
    const mark = String.fromCharCode(quote);
    let end = at + 1;
    for (;;) {
      end = text.indexOf(mark, end);
      if (end < 0) break;
      if (backslashes && escaped(text, end, at + 1)) end++;
      else if (text.charCodeAt(end + 1) === quote) end += 2;
      else break;
    }
    this.closed = end >= 0;
    this.#take(quote === 96 ? 'name' : 'string', end < 0 ? text.length : end + 1);
  }

  #mark(at: number, code: number): void {
    const { text, reading } = this;
    switch (code) {
      case 39:
      case 34:
        return this.#string(at, code, reading.backslashEscapes);
      case 96:
        return this.#string(at, code, false);
      case 40:
        return this.#take('open', at + 1);
      case 41:
        return this.#take('close', at + 1);
      case 44:
        return this.#take('comma', at + 1);
      case 59:
        return this.#take('semicolon', at + 1);
      case 46:
        if (classOf(text.charCodeAt(at + 1)) === DIGIT) return this.#number(at);
        return this.#take('dot', at + 1);
      case 64:
        return this.#variable(at);
      case 35:
        if (reading.hashComments) return void this.#lineComment(at);
        return this.#take('other', at + 1);
      case 36:
        return this.#dollar(at);
      case 91:
        return this.#bracket(at);
      case 92:
        // MySQL's \N is NULL.
        if (text.charCodeAt(at + 1) === 78) return this.#take('number', at + 2);
        return this.#take('other', at + 1);
      default:
        if (code > 127) return this.#word(at);
        return this.#take('other', at + 1);
    }
  }

  #variable(at: number): void {
    const { text } = this;
    let end = at + 1;
    if (text.charCodeAt(end) === 64) end++;
    const quote = text.charCodeAt(end);
    if (quote === 39 || quote === 34 || quote === 96) {
      this.#string(end, quote, this.reading.backslashEscapes);
    } else {
      while (end < text.length && isWord(text.charCodeAt(end))) end++;
      this.end = end;
    }
    this.kind = 'variable';
  }

  #dollar(at: number): void {
    const { text } = this;
    const tagEnd = this.reading.dollarQuotes ? endOf(dollarTag, text, at) : at;
    if (tagEnd > at) {
      const end = text.indexOf(text.slice(at, tagEnd), tagEnd);
      this.closed = end >= 0;
      return this.#take('string', end < 0 ? text.length : end + tagEnd - at);
    }
    let end = at + 1;
    while (end < text.length && classOf(text.charCodeAt(end)) === DIGIT) end++;
    return this.#take(end > at + 1 ? 'variable' : 'other', end);
  }

  #bracket(at: number): void {
    const end = this.reading.brackets ? this.text.indexOf(']', at) : -1;
    if (end < 0) this.#take('other', at + 1);
    else this.#take('name', end + 1);
  }
}

/** @returns every token of a text, comments too, up to a limit; longer texts are for the caller to refuse */
export function sqlTokens(text: string, reading: SqlReading, limit: number): SqlToken[] {
  const scanner = new SqlScanner(text, reading);
  const tokens: SqlToken[] = [];
  while (tokens.length < limit && scanner.next()) {
    const { kind, start, end, closed } = scanner;
    tokens.push({ kind, start, end, closed });
  }
  return tokens;
}

function classOf(code: number): number {
  // NO-BREAK SPACE, which MySQL takes for a space in some character sets.
  return code < 128 ? classes[code]! : code === 160 ? SPACE : 0;
}

function isWord(code: number): boolean {
  return code < 128 ? (classes[code]! & (LETTER | DIGIT)) !== 0 || code === 36 : code > 160;
}

function endOf(sticky: RegExp, text: string, at: number): number {
  sticky.lastIndex = at;
  return sticky.test(text) ? sticky.lastIndex : at;
}

/** `1union select`, `3.2and`: the number ends where the keyword begins. */
const glued = /(?:union|and|or|xor|div|mod|like|is|in|order|group|having|limit|into|from|where|procedure)(?!\w)/iy;

function keywordFollows(text: string, at: number): boolean {
  glued.lastIndex = at;
  return glued.test(text);
}

function escaped(text: string, quote: number, from: number): boolean {
  let at = quote;
  while (at > from && text.charCodeAt(at - 1) === 92) at--;
  return (quote - at) % 2 === 1;
}

/** @returns where the outermost comment's end mark stands, or -1 */
function nestedEnd(text: string, at: number): number {
  let depth = 1;
  let from = at + 2;
  let inner = text.indexOf('/*', from);
  for (;;) {
    const end = text.indexOf('*/', from);
    if (end < 0) return -1;
    for (; inner >= 0 && inner < end; inner = text.indexOf('/*', inner + 2)) depth++;
    if (--depth === 0) return end;
    from = end + 2;
  }
}
