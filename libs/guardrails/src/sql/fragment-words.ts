import type { FragmentState } from './fragment-state.js';
import { leadingVerbs } from './sql-words.rules.js';
import { beginsStatement } from './statement-shape.js';
import type { CodeToken } from './token-queue.js';

export function readWord(s: FragmentState, token: CodeToken): boolean {
  const { word, role } = token;
  if (
    !s.operand &&
    s.isCall() &&
    (role === 'join' || role === 'clause' || role === 'statement' || role === 'compare') &&
    word !== 'select' &&
    s.index > 0
  ) {
    return s.takeName(token);
  }
  switch (role) {
    case undefined:
      return s.takeName(token);
    case 'literal':
      if (s.operand) return false;
      return s.takeValue(token);
    case 'logic':
      return logical(s, token, true);
    case 'compare':
      return compare(s, token);
    case 'infix':
      if (!s.operand) return s.index === 0 || s.takeName(token);
      s.operand = false;
      s.operators++;
      return true;
    case 'prefix':
    case 'not':
      return prefix(s, token);
    case 'is':
      if (!s.operand || s.look(1)?.kind === 'string') return false;
      s.operand = false;
      s.term.compares++;
      return true;
    case 'union':
      return unionSelect(s, token);
    case 'filter':
      if (word === 'on' ? !s.select : !s.operand && s.index > 0) return false;
      return logical(s, token, false);
    case 'by':
      return byClause(s, token);
    case 'case':
      if (s.operand) return false;
      s.cases++;
      return true;
    case 'clause':
      return clause(s, token);
    case 'join':
      return joins(s, word);
    case 'ending':
      if (!s.operand) return word === 'first' || word === 'last' ? s.takeName(token) : false;
      s.ended ||= word === 'end' && s.cases > 0;
      return true;
    case 'as':
      return alias(s);
    case 'into':
      return intoClause(s, token);
    case 'for':
      return forClause(s);
    case 'procedure':
      if (s.operand && s.injected && s.look(1)?.word === 'analyse') return s.found('file_access', token.end);
      return s.takeName(token);
    case 'statement':
      return statement(s, token);
    default:
      return false;
  }
}

function logical(s: FragmentState, token: CodeToken, connective: boolean): boolean {
  if (s.between && connective && s.operand) {
    s.between = false;
    s.operand = false;
    return true;
  }
  if (!s.operand && s.index > 0) return false;
  s.constantFirst ||= !s.logic && s.quote === '' && s.constantEquals();
  s.endTerm(token.start);
  s.logic = true;
  s.logicWord = true;
  s.operand = false;
  s.operators++;
  return true;
}

function compare(s: FragmentState, token: CodeToken): boolean {
  if (!s.operand) {
    const before = s.look(-1)?.word;
    if (before !== 'sounds' && before !== 'not' && s.index > 0) return token.word === 'match';
  }
  if (token.word === 'match') return false;
  s.operand = token.word === 'in' && s.look(1)?.word === 'boolean';
  if (s.operand) s.index += 2;
  s.between = token.word === 'between';
  s.term.compares++;
  s.operators++;
  return true;
}

function prefix(s: FragmentState, token: CodeToken): boolean {
  if (!s.operand) {
    if (token.word === 'top' && s.look(1)?.kind === 'number') s.index++;
    return true;
  }
  if (token.role !== 'not') return false;
  const next = s.look(1);
  if (next?.role !== 'compare' && next?.role !== 'literal') return false;
  s.operand = false;
  return true;
}

function unionSelect(s: FragmentState, token: CodeToken): boolean {
  if (!s.operand && s.index > 0) return false;
  s.endTerm(token.start);
  let offset = 1;
  while (s.look(offset)?.kind === 'open' || s.look(offset)?.kind === 'operator' || isUnionFiller(s.look(offset)))
    offset++;
  const next = s.look(offset);
  if (next === undefined) {
    return s.injected && (s.queue.comments > 0 || offset > 1) ? s.found('union_select', token.end) : false;
  }
  if (next.word !== 'select' && next.word !== 'values' && next.word !== 'table') return false;
  s.unions++;
  if (s.look(offset + 1) === undefined && (s.injected || s.index > 0 || offset > 1))
    return s.found('union_select', next.end);
  if (next.word === 'table') return false;
  for (let skipped = 1; skipped < offset; skipped++) if (s.look(skipped)?.kind === 'open') s.push('');
  s.index += offset;
  s.startSelect();
  return true;
}

function byClause(s: FragmentState, token: CodeToken): boolean {
  if (!s.operand && s.index > 0) return s.takeName(token);
  const first = s.look(2);
  if (s.look(1)?.word !== 'by' || first === undefined) return false;
  const after = s.look(3);
  if (after?.kind === 'open' && (s.injected || s.index === 0) && /^(?:if|sleep|rand|elt|updatexml)$/.test(first.word)) {
    return s.found('order_probe', first.end);
  }
  if (first.kind === 'number' && s.injected && s.unions === 0) {
    if (after === undefined || after.kind === 'comma' || after.role === 'ending')
      return s.found('order_probe', first.end);
  }
  s.endTerm(token.start);
  s.alias = false;
  s.logic = false;
  s.index++;
  s.operand = false;
  s.operators++;
  return true;
}

function clause(s: FragmentState, token: CodeToken): boolean {
  const { word } = token;
  if (word === 'when' && !s.operand) return s.look(-1)?.role === 'case';
  if (!s.operand) return s.index === 0 && word !== 'from' && s.look(1)?.kind === 'number';
  if (word === 'from') {
    if (!s.select && s.frames.length === 0 && !s.injected) return false;
    s.select ||= s.frames.some((frame) => frame.select);
    s.from = s.select;
  }
  if (word === 'set' || word === 'values') return false;
  s.endTerm(token.start);
  s.alias = false;
  s.logic = false;
  s.operand = word === 'using' && s.look(1)?.kind === 'word';
  if (s.operand) s.index++;
  return true;
}

function joins(s: FragmentState, word: string): boolean {
  if (!s.operand && word !== 'join' && s.look(-1)?.role !== 'join') return false;
  if (!s.select) return false;
  s.operand = false;
  s.alias = false;
  return true;
}

function alias(s: FragmentState): boolean {
  if (!s.operand && s.index > 0) return false;
  const next = s.look(1);
  if (next === undefined || next.kind === 'operator' || next.kind === 'close' || next.role === 'prose') return false;
  s.index++;
  s.alias = true;
  s.operand = true;
  if (s.isCall() && s.look(2)?.kind !== 'close') {
    // varchar(8000)
    while (s.look(1) !== undefined && s.look(1)!.kind !== 'close') s.index++;
    s.index++;
  }
  return true;
}

function intoClause(s: FragmentState, token: CodeToken): boolean {
  if (!s.operand && s.index > 0) return false;
  const next = s.look(1);
  if (next?.word === 'outfile' || next?.word === 'dumpfile') {
    const target = s.look(2);
    return target === undefined || target.kind === 'string' || target.kind === 'open' || target.kind === 'word'
      ? s.found('file_access', token.end)
      : false;
  }
  if (!s.select) return false;
  s.operand = false;
  s.alias = false;
  return true;
}

function forClause(s: FragmentState): boolean {
  if (!s.operand) return false;
  const next = s.look(1);
  if (next === undefined) return false;
  if (/^(?:update|xml|json|share|browse)/.test(next.word)) {
    s.index++;
    if (next.word === 'xml' || next.word === 'json') s.index++;
    return s.injected;
  }
  s.operand = false;
  return s.frames.length > 0;
}

function statement(s: FragmentState, token: CodeToken): boolean {
  if (token.word === 'select') {
    if (s.operand && !s.juxtaposed()) return false;
    s.bare = s.operand;
    s.startSelect();
    return true;
  }
  if (s.operand ? s.juxtaposed() : s.index === 0 && leadingVerbs.has(token.word)) {
    if (beginsStatement(s.queue, s.index)) {
      return s.found(s.index === 0 && s.quote === '' ? 'statement' : 'stacked_statement', token.end);
    }
  }
  return s.operand ? false : s.takeName(token);
}

function isUnionFiller(token: CodeToken | undefined): boolean {
  return (
    token !== undefined &&
    (token.word === 'all' || token.word === 'distinct' || token.word === 'distinctrow' || token.word === 'union')
  );
}
