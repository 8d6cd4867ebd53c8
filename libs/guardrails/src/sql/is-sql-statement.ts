import { readFragment } from './fragment-reader.js';
import { parseSql } from './sql-parser.js';
import { mysqlReading } from './sql-readings.js';
import { beginsStatement } from './statement-shape.js';
import { TokenQueue } from './token-queue.js';

/** What a statement has behind its verb, but for forms that English has too, such as `drop it`. */
const structures: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    select: 'from union into',
    with: 'as',
    explain: 'select insert update delete',
    insert: 'into',
    replace: 'into',
    merge: 'into using',
    update: 'set',
    delete: 'from',
    drop: 'table database view index procedure function schema trigger user role column type',
    create: 'table database view index procedure function schema trigger user role type',
    alter: 'table database view index procedure function schema user role',
    truncate: 'table',
    grant: 'on',
    revoke: 'on',
    exec: 'xp_cmdshell sp_executesql master',
    execute: 'xp_cmdshell sp_executesql master immediate',
  }).map(([verb, words]) => [verb, new Set(words.split(' '))] as const),
);

/** Whether a text that may be anything is a statement: `drop table t`, not "drop by" nor "update the docs". */
export function isSqlStatement(text: string): boolean {
  if (beginsWithOtherWord(text)) return false;
  const queue = new TokenQueue(text, mysqlReading, 0, 256);
  let first = 0;
  while (queue.at(first)?.kind === 'open') first++;
  const verb = queue.at(first)?.word ?? '';
  const marks = structures.get(verb);
  if (marks === undefined) return false;
  let structured = false;
  let marked = false;
  for (let at = first + 1; ; at++) {
    const token = queue.at(at);
    if (token === undefined) break;
    if (at < first + 6 && token.role === 'prose') return false;
    structured ||= marks.has(token.word);
    marked ||= token.kind === 'operator' || token.kind === 'open';
  }
  if (!structured) return false;
  if ((marked && verb === 'select') || beginsStatement(queue, first) || readFragment(text, 0, '') !== undefined)
    return true;
  return parseSql(text)?.[0]?.type === verb;
}

/** The parser takes many words for the call of a procedure. */
export function beginsWithVerb(text: string): boolean {
  return structures.has(new TokenQueue(text, mysqlReading, 0, 1).at(0)?.word ?? '');
}

/** Whether the first word, below comments that headings of Markdown are too, is no verb: sooner told than by tokens. */
function beginsWithOtherWord(text: string): boolean {
  let start = 0;
  for (; start < text.length; start++) {
    const code = text.charCodeAt(start);
    if (code === 35) start = text.indexOf('\n', start);
    else if (code > 32) break;
    if (start < 0) return true;
  }
  let end = start;
  while (isLetter(text.charCodeAt(end))) end++;
  return end > start && !structures.has(text.slice(start, end).toLowerCase());
}

const isLetter = (code: number): boolean => (code | 32) >= 97 && (code | 32) <= 122;
