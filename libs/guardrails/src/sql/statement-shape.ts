import { attackFunctions, commonObjectTypes, objectModifiers, objectTypes } from './sql-words.rules.js';
import type { CodeToken, TokenQueue } from './token-queue.js';

type Look = (offset: number) => CodeToken | undefined;

const isEnd = (token: CodeToken | undefined) => token === undefined || token.kind === 'semicolon';
const isName = (token: CodeToken | undefined) =>
  token !== undefined && (token.kind === 'name' || (token.kind === 'word' && token.role === undefined));
const isTable = (token: CodeToken | undefined) =>
  isName(token) || token?.kind === 'string' || token?.kind === 'variable';
const is = (token: CodeToken | undefined, ...words: string[]) => token !== undefined && words.includes(token.word);
const isMark = (look: Look, offset: number, queue: TokenQueue, mark: string) => {
  const token = look(offset);
  return token !== undefined && queue.text.startsWith(mark, token.start);
};

/** @returns how many tokens the dotted name at the offset has, 0 for none */
function dotted(look: Look, offset: number): number {
  if (!isTable(look(offset))) return 0;
  let length = 1;
  while (look(offset + length)?.kind === 'dot') length += look(offset + length + 1)?.kind === 'dot' ? 1 : 2;
  return length;
}

/**
 * Whether the words at a place begin a statement that does something, told from English by what follows the verb:
 * `drop table x`, not `drop by`; `update t set a =`, not `update the docs`.
 */
export function beginsStatement(queue: TokenQueue, index: number, nested = false): boolean {
  const look: Look = (offset) => queue.at(index + offset);
  const next = look(1);
  switch (look(0)?.word) {
    case 'drop':
    case 'create':
    case 'alter':
      return dropsOrCreates(look);
    case 'delete': {
      const from = is(next, 'from') ? 1 : is(look(2), 'from') && is(next, 'ignore', 'quick', 'low_priority') ? 2 : 0;
      const length = from === 0 ? 0 : dotted(look, from + 1);
      const after = look(from + 1 + length);
      return (
        length > 0 && (isEnd(after) || after?.role === 'filter' || is(after, 'using', 'limit', 'returning', 'order'))
      );
    }
    case 'insert':
    case 'merge': {
      const into = is(next, 'into') ? 1 : is(look(2), 'into') ? 2 : 0;
      const length = into === 0 ? 0 : dotted(look, into + 1);
      const after = look(into + 1 + length);
      return length > 0 && (after?.kind === 'open' || is(after, 'values', 'select', 'set', 'default', 'using', 'exec'));
    }
    case 'update': {
      const length = dotted(look, 1);
      if (!is(look(1 + length), 'set')) return false;
      const column = dotted(look, 2 + length);
      return column > 0 && isMark(look, 2 + length + column, queue, '=');
    }
    case 'truncate': {
      const table = is(next, 'table') ? 2 : 1;
      const length = dotted(look, table);
      return length > 0 && isEnd(look(table + length));
    }
    case 'exec':
    case 'execute':
      return executes(look, next, index === 0);
    case 'declare':
      return next?.kind === 'variable' || is(look(2), 'cursor', 'varchar', 'char', 'int');
    case 'shutdown':
      return isEnd(next) || is(next, 'with') || next?.role === 'ending';
    case 'waitfor':
      return is(next, 'delay', 'time') && (look(2)?.kind === 'string' || look(2)?.kind === 'variable');
    case 'begin':
      return !nested && begins(queue, index, next);
    case 'if':
      return !nested && conditional(queue, index, look);
    case 'load':
      return is(next, 'data', 'xml') && is(look(2), 'infile', 'local', 'concurrent', 'low_priority');
    case 'call':
    case 'do':
      return isName(next) && look(1 + dotted(look, 1))?.kind === 'open';
    case 'copy':
      return next?.kind === 'open' || (isTable(next) && is(look(1 + dotted(look, 1)), 'from', 'to'));
    case 'grant':
    case 'revoke':
      return grants(look);
    case 'backup':
    case 'restore':
      return is(next, 'database', 'log') && isTable(look(2));
    case 'rename':
      return is(next, 'table', 'user') && isTable(look(2));
    case 'handler':
      return isTable(next) && is(look(2), 'open', 'read');
    case 'attach':
      return is(next, 'database') && look(2)?.kind === 'string';
    case 'use':
    case 'print':
    case 'kill':
      return next?.kind === 'variable';
    default:
      return false;
  }
}

function dropsOrCreates(look: Look): boolean {
  let at = 1;
  while (at < 6 && objectModifiers.has(look(at)?.word ?? '')) at++;
  const type = look(at)?.word ?? '';
  const common = commonObjectTypes.has(type);
  if (!common && !objectTypes.has(type)) return is(look(0), 'drop') && isName(look(1)) && isEnd(look(2));
  at++;
  while (is(look(at), 'if', 'not', 'exists')) at++;
  const length = dotted(look, at);
  const after = look(at + length);
  if (length === 0) return false;
  if (common && look(at)?.kind === 'word') return is(after, 'identified', 'with', 'for', 'as', 'password', 'add', 'on');
  return (
    isEnd(after) ||
    after!.kind !== 'word' ||
    after!.role !== undefined ||
    is(after, 'add', 'cascade', 'returns', 'rename', 'modify', 'identified')
  );
}

function executes(look: Look, next: CodeToken | undefined, leading: boolean): boolean {
  if (next?.kind === 'open') return look(2)?.kind === 'variable' || look(2)?.kind === 'string';
  if (next?.kind === 'variable') return true;
  if (is(next, 'as', 'immediate')) return look(2)?.kind === 'string' || is(look(2), 'login', 'user');
  const length = dotted(look, 1);
  if (length === 0 || next?.kind === 'string') return false;
  const called = look(length)?.word ?? '';
  if (/^(?:xp|sp)_/.test(called) || attackFunctions.has(called)) return true;
  const after = look(1 + length);
  // "exec sh 'x'" is a shell's.
  if (leading && length === 1) return false;
  return after?.kind === 'string' || after?.kind === 'variable' || (isEnd(after) && length > 1);
}

function begins(queue: TokenQueue, index: number, next: CodeToken | undefined): boolean {
  if (next?.kind === 'word' && attackFunctions.has(next.word)) return true;
  return next?.role === 'statement' && beginsStatement(queue, index + 1, true);
}

/** `IF (…)`, `IF EXISTS (`, `IF 1=1 DROP …`. */
function conditional(queue: TokenQueue, index: number, look: Look): boolean {
  const at = is(look(1), 'not') ? 2 : 1;
  if (is(look(at), 'exists')) return look(at + 1)?.kind === 'open' && is(look(at + 2), 'select');
  for (let offset = at; offset < at + 12; offset++) {
    const token = look(offset);
    if (token === undefined || token.kind === 'other') return false;
    if (offset > at && token.role === 'statement') {
      return token.word === 'select'
        ? look(at)?.kind === 'number' || (look(at)?.kind === 'open' && isConstant(look, at + 1))
        : beginsStatement(queue, index + offset, true);
    }
  }
  return false;
}

function isConstant(look: Look, at: number): boolean {
  return look(look(at)?.kind === 'open' ? at + 1 : at)?.kind === 'number';
}

/** `GRANT … ON … TO`, `GRANT role TO name` at the end. */
function grants(look: Look): boolean {
  if (isEnd(look(1)) || look(1)?.role === 'prose') return false;
  for (let offset = 2; offset < 16; offset++) {
    const token = look(offset);
    if (isEnd(token) || (token?.role === 'prose' && token.word !== 'to')) return false;
    if (token!.role === 'filter' && token!.word === 'on')
      return isTable(look(offset + 1)) || objectTypes.has(look(offset + 1)?.word ?? '') || isMarkAny(look(offset + 1));
  }
  return false;
}

const isMarkAny = (token: CodeToken | undefined) => token?.kind === 'operator';
