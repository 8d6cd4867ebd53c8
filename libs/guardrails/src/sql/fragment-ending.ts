import type { FragmentState } from './fragment-state.js';
import type { CodeToken } from './token-queue.js';

/** The text goes on as no SQL does: what counts is what was complete before. */
export function stopped(s: FragmentState, token: CodeToken): void {
  s.endTerm(token.start);
  if (s.unions > 0 && s.selectItems === 'value') s.found('union_select', token.start);
  else if (s.from && s.operand && s.injected && s.operators > 0) s.found('subselect', token.start);
  else unfinished(s, token.start);
}

/** `(select substr(login,`: the text was cut in the middle of a subselect. */
function unfinished(s: FragmentState, end: number): void {
  if (s.calls > 0 && s.frames.some((frame) => frame.select)) s.found('subselect', end);
}

/** The text is over. */
export function finish(s: FragmentState): void {
  const end = s.text.length;
  if (!s.operand) {
    // "' union select", "1 and": nothing more to read
    if (s.select && s.unions > 0) s.found('union_select', end);
    else if (s.logic && s.constantEquals()) s.found('tautology', end);
    else if (s.from && s.look(-1)?.role === 'filter') wholeSelect(s, end);
    else unfinished(s, end);
    return;
  }
  if (s.select) {
    if (s.subselect({ start: end })) return;
    wholeSelect(s, end);
  }
  s.endTerm(end, false);
  if (s.hit !== undefined) return;
  unfinished(s, end);
  tail(s, end);
}

/** The text itself is a SELECT, or one behind a value. */
function wholeSelect(s: FragmentState, end: number): void {
  if (!s.from && s.alias) return;
  if (
    (s.selectItems === 'value' && !(s.bare && !s.from)) ||
    (s.from && (s.operators > 0 || s.queue.trailingComment !== undefined))
  ) {
    s.found(s.injected ? 'subselect' : 'statement', end);
  }
}

/** The fragment goes on to the end of the text: how it ends. */
export function tail(s: FragmentState, end: number): void {
  const queue = s.queue;
  const term = s.term;
  const last = queue.at(s.index - 1);
  const comment = queue.trailingComment;
  if (s.quote !== '' && last?.kind === 'string' && !last.closed && s.text[last.start] === s.quote) {
    if (balances(s, last)) s.found('quote_break', end);
    return;
  }
  if (s.constantFirst && term.names === 0) {
    s.found('tautology', end);
    return;
  }
  if (
    s.calls > (s.injected || s.logic ? 1 : 2) ||
    (s.calls > 0 && s.logic && !s.logicWord && s.operators > 1) ||
    s.ended ||
    (s.systemVariable && (s.operators > 0 || s.frames.length > 0 || last?.kind === 'close'))
  ) {
    s.found('sql_functions', end);
    return;
  }
  if (comment === undefined) {
    const first = s.queue.at(0);
    const bare =
      s.quote === ''
        ? first?.kind === 'number' || (first?.role === 'logic' && s.calls > 0)
        : s.logicWord && s.behindValue();
    if (s.logic && bare && (term.compares > 0 || s.calls > 0)) s.found('condition', end);
    return;
  }
  if (s.quote !== '' && s.index === 0) {
    if (isShortComment(s.text, comment, s.quote) && s.behindValue()) s.found('comment_tail', end);
    return;
  }
  if (s.logic && (term.compares > 0 || term.names === 0)) s.found('condition', end);
  else if (s.quote !== '' && term.compares > 0 && isShortComment(s.text, comment, s.quote)) s.found('quote_break', end);
  else if (term.names === 0 && term.literals > 0 && isEmptyComment(s.text, comment)) s.found('comment_tail', end);
}

/** The last string is the one whose other quote the application adds. */
function balances(s: FragmentState, last: CodeToken): boolean {
  if (s.operators === 0) return false;
  const content = s.text.slice(last.start + 1);
  if (!/^\s?[\w@%=]{0,24}\s?$/.test(content)) return false;
  // "<name>", "/path/"
  if (s.text[s.at] === '<' && s.text[last.start - 1] === '>') return false;
  if (/\/[a-z'"]/i.test(s.text.slice(s.at, s.at + 2))) return false;
  if (s.index > 2) return true;
  // "A' OR 'B", "A 'OR' B" and "'||'6", but not "a "like" stamp"
  const value = s.text.slice(Math.max(0, s.at - 41), s.at - 1);
  if (/^[\w"']{1,40}$/.test(value)) return /^\w{0,12}\s?$/.test(content);
  if (s.quote !== "'") return false;
  if (value === '') return s.queue.at(0)?.kind === 'operator' && /^\w{1,12}$/.test(content);
  return /^\w{1,40} $/.test(value) && /^ \w{1,12}$/.test(content);
}

function isShortComment(text: string, comment: number, quote: string): boolean {
  return text.length - comment < 32 && !text.includes(quote, comment) && !/\s\S+\s+\S/.test(text.slice(comment));
}

function isEmptyComment(text: string, comment: number): boolean {
  return text.length - comment < 8 && /^(?:--|#|\/\*)[\s+*/-]*$/.test(text.slice(comment));
}
