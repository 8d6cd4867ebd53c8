import type { CodeToken } from './token-queue.js';

const deepest = 8;

/**
 * Whether a condition lets every row through whatever is in it: `1=1`, `id = id`, `x OR 'a'='a'`, `NOT false`. It knows
 * the ways in which people write that, no arithmetic.
 */
export function isAlwaysTrue(text: string, condition: readonly CodeToken[], depth = 0): boolean {
  if (depth > deepest || condition.length === 0) return false;
  const inner = unwrapped(condition);
  if (inner.length < condition.length) return isAlwaysTrue(text, inner, depth + 1);
  const either = split(text, condition, 'or', '||');
  if (either.length > 1) return either.some((part) => isAlwaysTrue(text, part, depth + 1)) || isComplementary(either);
  const both = split(text, condition, 'and', '&&');
  if (both.length > 1) return both.every((part) => isAlwaysTrue(text, part, depth + 1));
  if (condition[0]!.role === 'not') return isAlwaysFalse(text, condition.slice(1));
  return isTrueTerm(text, condition);
}

function isTrueTerm(text: string, term: readonly CodeToken[]): boolean {
  if (term.length === 1) return isTruthy(text, term[0]!);
  const at = term.findIndex((token) => token.role === 'compare' || token.role === 'is' || isComparison(text, token));
  if (at < 0) return term[0]!.word === 'exists' && !term.some((token) => token.word === 'from');
  const left = words(text, term.slice(0, at));
  const right = words(text, term.slice(at + 1));
  const mark = text.slice(term[at]!.start, term[at]!.end).toLowerCase();
  if (mark === 'like' && /^'%+'$/.test(right)) return true;
  const constant = [...term.slice(0, at), ...term.slice(at + 1)].every(isConstant);
  if (constant && term.length === 3) return compares(mark, left, right);
  return constant || (left === right && /^(?:=|<=|>=|<=>|like|is|in)$/.test(mark));
}

function isAlwaysFalse(text: string, term: readonly CodeToken[]): boolean {
  const inner = unwrapped(term);
  if (inner.length < term.length) return isAlwaysFalse(text, inner);
  if (term.length === 1) return term[0]!.word === 'false' || /^0+$/.test(text.slice(term[0]!.start, term[0]!.end));
  if (term.length !== 3 || !isConstant(term[0]!) || !isConstant(term[2]!)) return false;
  return !compares(text.slice(term[1]!.start, term[1]!.end), words(text, [term[0]!]), words(text, [term[2]!]));
}

/** @returns true too for a comparison that is not known: a constant condition has nothing to do in a statement */
function compares(mark: string, left: string, right: string): boolean {
  const [a, b] = [Number(left), Number(right)];
  switch (mark) {
    case '=':
    case '<=>':
    case 'like':
      return left === right || a === b;
    case '<>':
    case '!=':
      return left !== right;
    case '<':
      return !(a >= b);
    case '>':
      return !(a <= b);
    default:
      return true;
  }
}

/** `x IS NULL OR x IS NOT NULL`. */
function isComplementary(parts: readonly (readonly CodeToken[])[]): boolean {
  const nulls = parts.filter((part) => part.some((token) => token.role === 'is') && part.at(-1)?.word === 'null');
  return nulls.some((part) => part.at(-2)?.role === 'not') && nulls.some((part) => part.at(-2)?.role === 'is');
}

function isConstant(token: CodeToken): boolean {
  return (
    token.kind === 'number' ||
    token.kind === 'string' ||
    token.kind === 'operator' ||
    token.kind === 'open' ||
    token.kind === 'close' ||
    token.kind === 'comma' ||
    /^(?:null|true|false|not|and)$/.test(token.word)
  );
}

function isTruthy(text: string, token: CodeToken): boolean {
  if (token.word === 'true') return true;
  if (token.kind !== 'number' && token.kind !== 'string') return false;
  return Number(words(text, [token]).replaceAll(/['"]/g, '')) !== 0;
}

function isComparison(text: string, token: CodeToken): boolean {
  return token.kind === 'operator' && /[=<>]/.test(text.slice(token.start, token.end));
}

function words(text: string, tokens: readonly CodeToken[]): string {
  return tokens
    .map((token) =>
      text
        .slice(token.start, token.end)
        .toLowerCase()
        .replaceAll(/[`"[\]]/g, ''),
    )
    .join(' ');
}

function unwrapped(tokens: readonly CodeToken[]): readonly CodeToken[] {
  if (tokens[0]?.kind !== 'open' || tokens.at(-1)?.kind !== 'close') return tokens;
  let depth = 0;
  for (let at = 0; at < tokens.length - 1; at++) {
    if (tokens[at]!.kind === 'open') depth++;
    else if (tokens[at]!.kind === 'close' && --depth === 0) return tokens;
  }
  return tokens.slice(1, -1);
}

/** The parts between a connective outside of parentheses; the AND of a BETWEEN is none. */
function split(
  text: string,
  tokens: readonly CodeToken[],
  word: string,
  mark: string,
): readonly (readonly CodeToken[])[] {
  const parts: CodeToken[][] = [[]];
  let depth = 0;
  let between = false;
  for (const token of tokens) {
    if (token.kind === 'open') depth++;
    else if (token.kind === 'close') depth--;
    if (token.word === 'between') between = true;
    const connective =
      depth === 0 && (token.word === word || (token.kind === 'operator' && text.startsWith(mark, token.start)));
    if (connective && word === 'and' && between) between = false;
    else if (connective) {
      parts.push([]);
      continue;
    }
    parts.at(-1)!.push(token);
  }
  return parts;
}
