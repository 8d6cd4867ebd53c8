import { finish, stopped, tail } from './fragment-ending.js';
import { type Fragment, FragmentState } from './fragment-state.js';
import { readWord } from './fragment-words.js';
import { attackFunctions, commonAttackFunctions, sharedFunctions, sqlFunctions } from './sql-words.rules.js';
import { beginsStatement } from './statement-shape.js';
import type { CodeToken } from './token-queue.js';

const comparing = new Set(['=', '<>', '!=', '<', '>', '<=', '>=', '<=>', '!<', '!>', ':=', '=*', '*=']);

/**
 * Reads on from a place in a text as a database would that has just read a value, or a quote, there. It follows the
 * grammar of expressions loosely, operand and operator in turn, and stops where no SQL can go on, which in prose is
 * after a word or two; what it has recognised until then is an injected fragment or nothing.
 *
 * @param quote what stands before `at`, if the value is to end there, or else nothing
 */
export function readFragment(text: string, at: number, quote: string): Fragment | undefined {
  const s = new FragmentState(text, at, quote);
  for (;;) {
    const token = s.queue.at(s.index);
    if (token === undefined) {
      finish(s);
      return s.hit;
    }
    if (!step(s, token)) {
      stopped(s, token);
      return s.hit;
    }
    if (s.hit !== undefined) return s.hit;
    s.index++;
  }
}

function step(s: FragmentState, token: CodeToken): boolean {
  switch (token.kind) {
    case 'word':
      return readWord(s, token);
    case 'number':
    case 'string':
    case 'variable':
    case 'name':
      return s.takeValue(token);
    case 'operator':
      return operator(s, token);
    case 'open':
      return opens(s);
    case 'close':
      return closes(s, token);
    case 'comma':
      return comma(s, token);
    case 'dot':
      return dot(s);
    case 'semicolon':
      return semicolon(s, token);
    default:
      // "1]" behind a name in brackets
      return s.index === 1 && s.text[token.start] === ']' && s.injected;
  }
}

function operator(s: FragmentState, token: CodeToken): boolean {
  const mark = s.text.slice(token.start, token.end);
  if (!s.operand) {
    if (mark === '+' || mark === '-' || mark === '!' || mark === '~') return true;
    if (mark === '*' && (s.select || s.look(-1)?.kind === 'open' || s.look(-1)?.kind === 'dot')) {
      s.operand = true;
      if (s.select && s.selectItems === '') s.selectItems = 'value';
      return true;
    }
    s.injected ||= mark === '||' && s.index === 0;
    if (s.index > 0 || mark === '/' || mark === ':' || mark === '>') return false;
  }
  s.operators++;
  if (mark === '||' || mark === '&&') {
    s.endTerm(token.start);
    s.logic = true;
    s.logicWord = false;
  } else if (comparing.has(mark)) {
    s.term.compares++;
  } else if (mark === ':') {
    if (!s.from) return false;
  } else if (mark === '::') {
    s.index++;
    return s.look(0)?.kind === 'word';
  }
  s.operand = false;
  return true;
}

function opens(s: FragmentState): boolean {
  let call = '';
  if (s.operand) {
    const before = s.look(-1);
    if (s.juxtaposed() && s.look(1)?.word === 'select') {
      s.push('');
      s.operand = false;
      return true;
    }
    if (before?.kind !== 'word' && before?.kind !== 'name') return false;
    call = before.word;
    let owned = s.index - 1;
    while (s.queue.at(owned - 1)?.kind === 'dot') owned -= 2;
    if (owned < s.index - 1) {
      const owner = s.queue.at(owned)?.word ?? '';
      if (attackFunctions.has(owner)) call = owner;
      else if (!/^(?:dbo|sys|master|mysql|pg_catalog)$/.test(owner)) call = `.${call}`;
    }
    if (attackFunctions.has(call) && (s.injected || s.logic)) return s.found('attack_function', before.end);
    if (call === 'benchmark' && s.look(1)?.kind === 'number') return s.found('attack_function', before.end);
    if (sharedFunctions.has(call)) s.calls |= 1;
    else if (sqlFunctions.has(call)) s.calls += 2;
    if (sqlFunctions.has(call) || attackFunctions.has(call) || commonAttackFunctions.has(call)) s.term.literals++;
    else s.term.names++;
  }
  if (s.select && s.selectItems === '') s.selectItems = 'value';
  s.push(call);
  s.operand = false;
  return true;
}

function closes(s: FragmentState, token: CodeToken): boolean {
  if (!s.operand && s.look(-1)?.kind !== 'open' && s.index > 0) return false;
  if (s.select && s.subselect(token)) return true;
  s.endTerm(token.start, false);
  s.operand = true;
  s.alias = false;
  const frame = s.frames.pop();
  if (frame === undefined) {
    // It closes what the text did not open.
    s.injected = true;
    s.select = false;
    return true;
  }
  s.select = frame.select;
  if (frame.call === 'if' && s.constantEquals()) return s.found('tautology', token.end);
  if (attackFunctions.has(frame.call)) return s.found('attack_function', token.end);
  if (commonAttackFunctions.has(frame.call) && s.look(-1)?.kind !== 'open' && s.injected && s.operators > 0) {
    return s.found('attack_function', token.end);
  }
  return true;
}

function comma(s: FragmentState, token: CodeToken): boolean {
  if (!s.operand && s.index > 0) return false;
  const call = s.frames.at(-1)?.call ?? '';
  if (s.constantEquals() && /^(?:if|iif|elt|make_set|row)$/.test(call)) return s.found('tautology', token.start);
  if (s.unions > 0 && s.select && !s.from && s.selectItems !== '') return s.found('union_select', token.start);
  s.endTerm(token.start, false);
  if (s.frames.length === 0) s.logic = false;
  s.operand = false;
  s.alias = false;
  return true;
}

function dot(s: FragmentState): boolean {
  const before = s.look(-1);
  if (!s.operand || before === undefined) return false;
  const next = s.look(1);
  if (next?.kind === 'operator') {
    s.operand = false;
    return true;
  }
  if (next?.kind !== 'word' && next?.kind !== 'name') return false;
  if (next.start !== s.look(0)!.end || before.end !== s.look(0)!.start) return false;
  s.index++;
  s.term.lastName = next.word;
  if (s.injected && attackFunctions.has(before.word)) return s.found('attack_function', next.end);
  return true;
}

function semicolon(s: FragmentState, token: CodeToken): boolean {
  if (!s.operand && s.index > 0) return false;
  const next = s.look(1);
  s.endTerm(token.start);
  if (s.hit !== undefined) return true;
  if (next === undefined) {
    tail(s, token.start);
    return true;
  }
  if (next.word === 'select' || next.kind === 'open') {
    s.injected = true;
    s.operand = false;
    s.select = false;
    return true;
  }
  if (next.role === 'statement' && beginsStatement(s.queue, s.index + 1)) return s.found('stacked_statement', next.end);
  return false;
}
