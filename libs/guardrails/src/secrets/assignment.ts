import { rate, type Assigned } from './assigned-value.js';
import { looksRandom } from './randomness.js';
import { kindOf, type Kind } from './secret-name.js';

const NAME_REACH = 64;
const VALUE_REACH = 400;

/** What may stand right behind a name that has a value. */
const MAY_TIE = new Set('"\'`])( \t:=-><!|\\'.split('').map((character) => character.charCodeAt(0)));
const ASSIGN =
  /(?:\\{0,2}["'`])?\]?\)?[ \t]{0,20}(?::[ \t]{0,3}(?:string|str|String)[ \t]{0,3}=|===?|!==?|:=|=>|->|=|:(?!:)|\|\|=)[ \t]{0,20}(?:\\?\r?\n[ \t]{0,20}(?=["']))?/y;
const VALUE_MEMBER =
  /\\?["']?(?:,?\s{1,30}\\?["']?value\\?["']?\s{0,3}[:=]\s{0,3}|,\s{0,30}\\?["']?value\\?["']?\s{0,3}[:=]\s{0,3})(?=\\?["'\w])/iy;
const DEFAULT =
  /"\s{0,4}\{\s{1,20}(?:(?:type|description|sensitive)[^\n]{0,120}\n\s{0,20}){0,3}default\s{0,8}=\s{0,3}(?=")/y;
const PLIST = /<\/key>\s{0,20}<string>/y;
const ELEMENT = /(?:\s[^<>\n]{0,80})?>(?=[^<\s])/y;
const ARGUMENT = /(?:\\{0,2}["'`]\s{0,3},|\()\s{0,3}(?:\\{0,2}['`](?="))?(?=\\{0,2}["'`])/y;
const FLAG = /[ \t]{1,4}(?=[^-\s|&;<>])/y;
const QUOTED_NEXT = /[ \t]{1,4}(?:(?:is|was)[ \t:]{1,3})?(?=["'])/y;
const LOOSE = /["']?[ \t]{1,3}(?:(?:-|is|was|:)[ \t]{1,3})?/y;

const UNQUOTED = /[^\s"'`<>,;(){}[\]|&\\]{1,300}/y;
/** In files of settings the value goes on to a space. */
const TO_BLANK = /[^\s"'`<>\\]{0,299}[^\s"'`<>\\;,)&|]/y;
const TO_TAG = /[^<>\n]{1,400}(?=<)/y;
const PREFIX = /^(?:Bearer|Basic|Token|Bot|ApiKey) /i;
/** Where the name that holds the keyword ends: what is inside it need not be looked at again. */
export function endOfName(text: string, end: number): number {
  const reach = Math.min(text.length, end + NAME_REACH);
  while (end < reach && isOfName(text.charCodeAt(end))) end++;
  return end;
}

/** The value that is assigned to the name in which a keyword stands. */
export function assignedTo(text: string, keyword: number, nameEnd: number, ofProvider: boolean): Assigned | undefined {
  let end = nameEnd;
  while (end > keyword && isJoint(text.charCodeAt(end - 1))) end--;
  if (end >= text.length || !MAY_TIE.has(text.charCodeAt(end)) || isProse(text, keyword, end)) return undefined;
  let start = keyword;
  const reach = Math.max(0, keyword - NAME_REACH);
  while (start > reach && isOfName(text.charCodeAt(start - 1))) start--;
  if (end - start > NAME_REACH + 40) return undefined;
  const name = text.slice(start, end);
  const kind = kindOf(
    (/^key$/i.test(name) ? wordBefore(text, start) : '') + name.replace(/^[-.$]+/, ''),
    ofProvider && !isLetter(text.charCodeAt(keyword - 1)),
  );
  if (kind === undefined) return undefined;

  const sign = connect(text, start, end, kind);
  if (sign === undefined) return undefined;
  // The end of a string that names a field, not the beginning of another.
  if (isQuote(text[start - 1]) && !isQuote(text[end]) && text[sign.at] === text[start - 1]) return undefined;
  const ofFile = sign.at === end + 1 && /^[A-Z][A-Z0-9_]*$/.test(name) && onlyBlankBefore(text, start);
  const value = readValue(text, sign.at, sign.element ? TO_TAG : ofFile ? TO_BLANK : UNQUOTED);
  if (value === undefined) return undefined;
  if (text.startsWith('..', value.end) || text.startsWith('…', value.end)) return undefined;
  if (sign.tie !== 'sign' && !isSurely(kind, sign.tie, value.quoted, text.slice(value.start, value.end)))
    return undefined;
  const before = text[start - 1];
  const after = text[value.end];
  return rate(text, value, kind, name, {
    quoted: value.quoted || sign.element,
    tight: sign.at === end + 1,
    setting:
      (before === undefined ||
        before === '\n' ||
        before === ';' ||
        (after === ';' && before === '"') ||
        before === '&' ||
        before === '?' ||
        onlyBlankBefore(text, start)) &&
      (after === undefined ||
        after === '\n' ||
        after === '\r' ||
        after === ';' ||
        after === '&' ||
        after === '"' ||
        after === "'" ||
        onlyBlankAfter(text, value.end)),
    compared: sign.compared,
  });
}

/** The text is the value of a member of this name. */
export function assignedByLabel(text: string, label: string): Assigned | undefined {
  const kind = kindOf(label, false);
  if (kind === undefined || text.length > VALUE_REACH) return undefined;
  return rate(text, { start: 0, end: text.length }, kind, label, {
    quoted: true,
    tight: false,
    setting: true,
    compared: false,
  });
}

interface Sign {
  readonly at: number;
  readonly compared: boolean;
  /** What ties value and name: a sign of the syntax, a word as in "the key is", or nothing but being next. */
  readonly tie: 'sign' | 'word' | 'next';
  readonly element: boolean;
}

function connect(text: string, start: number, end: number, kind: Kind): Sign | undefined {
  const sign = (at: number, more: Partial<Sign> = {}): Sign => ({
    at,
    compared: false,
    tie: 'sign',
    element: false,
    ...more,
  });
  const assigned = after(ASSIGN, text, end);
  if (assigned !== undefined) {
    const compared = /[=!]==?|==/.test(text.slice(end, assigned));
    return sign(assigned, { compared });
  }
  const before = text[start - 1];
  if (before === '<' || before === ':') {
    const element = after(ELEMENT, text, end);
    if (element !== undefined) return sign(element, { element: true });
  }
  const member = after(VALUE_MEMBER, text, end) ?? after(DEFAULT, text, end) ?? after(PLIST, text, end);
  if (member !== undefined) return sign(member, { element: text[member - 1] === '>' });
  const called = after(ARGUMENT, text, end);
  // The first argument names the second; in a list of words the next word means nothing.
  if (called !== undefined)
    return sign(called, {
      tie: text[end] === '(' || /\(\s{0,3}\\?["'`]$/.test(text.slice(Math.max(0, start - 8), start)) ? 'sign' : 'next',
    });
  if (text[start] === '-' || text[start - 1] === '-') {
    const flag = after(FLAG, text, end);
    if (flag !== undefined) return sign(flag);
  }
  if (kind === 'password' || kind === 'secret') {
    const quoted = after(QUOTED_NEXT, text, end);
    if (quoted !== undefined) return sign(quoted);
  }
  const loose = after(LOOSE, text, end);
  return loose === undefined
    ? undefined
    : sign(loose, { tie: /\w|[-:]/.test(text.slice(end, loose)) ? 'word' : 'next' });
}

function readValue(
  text: string,
  at: number,
  unquoted: RegExp,
): { start: number; end: number; quoted: boolean } | undefined {
  const opening = /[bruf@$]{0,2}(\\{0,3})(["'`]|&quot;)/y;
  opening.lastIndex = at;
  const open = opening.exec(text);
  if (open === null) {
    const end = after(unquoted, text, at);
    if (end === undefined) return undefined;
    // A call, a subscript or a block is code.
    if ('([{'.includes(text[end] ?? ' ')) return undefined;
    return { start: at, end: /[.:]/.test(text[end - 1]!) && text[end - 2] !== '.' ? end - 1 : end, quoted: false };
  }
  const start = at + open[0].length;
  const closing = open[1]! + open[2]!;
  const line = text.slice(start, start + VALUE_REACH);
  const length = line.search(/[\r\n]/);
  let close = line.indexOf(closing);
  while (close > 0 && isEscaped(line, close)) close = line.indexOf(closing, close + 1);
  if (close < 0 || (length >= 0 && length < close)) return undefined;
  const prefix = PREFIX.exec(line)?.[0].length ?? 0;
  return { start: start + prefix, end: start + close, quoted: true };
}

/** After an odd number of backslashes. */
function isEscaped(line: string, at: number): boolean {
  let first = at;
  while (first > 0 && line[first - 1] === '\\') first--;
  return (at - first) % 2 === 1;
}

/** Whether the value speaks for itself, where little ties it to the name. */
function isSurely(kind: Kind, tie: Sign['tie'], quoted: boolean, value: string): boolean {
  if (kind === 'provider' && !quoted) return false;
  if (looksRandom(value, tie === 'word' ? 16 : 20)) return true;
  return tie === 'word' && kind === 'password' && value.length >= 6 && /\d/.test(value) && /[a-z]/i.test(value);
}

/** A name among words: a space follows, and then a short word that is neither `is` nor told to a program. */
function isProse(text: string, keyword: number, end: number): boolean {
  if (text[end] !== ' ' || !isSmall(text.charCodeAt(end + 1)) || text[keyword - 1] === '<') return false;
  let last = end + 1;
  while (last < end + 17 && isSmallOrDigit(text.charCodeAt(last))) last++;
  return last < end + 17 && !/^(?:is|was) /.test(text.slice(end + 1, end + 5)) && !isFlagged(text, keyword);
}

/** `private` before `key`. */
function wordBefore(text: string, start: number): string {
  return /[A-Za-z0-9]{1,20} $/.exec(text.slice(Math.max(0, start - 21), start))?.[0] ?? '';
}

function after(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function onlyBlankBefore(text: string, at: number): boolean {
  const line = text.slice(Math.max(0, at - 40), at);
  return /(?:^|\n)[ \t]*(?:[-#*]|\/\/|export|set|ENV|ARG)?[ \t]*["'$]?$/.test(line);
}

function onlyBlankAfter(text: string, at: number): boolean {
  return /^[ \t]*(?:#|\/\/|;|\\n|\r?\n|$)/.test(text.slice(at, at + 20));
}

function isFlagged(text: string, keyword: number): boolean {
  const before = text.slice(Math.max(0, keyword - 24), keyword);
  return /(?:^|\s)--?[\w-]*$/.test(before);
}

function isOfName(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 36 ||
    isJoint(code)
  );
}

/** `-` and `.` inside a name. */
function isJoint(code: number): boolean {
  return code === 45 || code === 46;
}

function isLetter(code: number): boolean {
  return isSmall(code | 32);
}

function isQuote(character: string | undefined): boolean {
  return character === '"' || character === "'" || character === '`';
}

function isSmall(code: number): boolean {
  return code >= 97 && code <= 122;
}

function isSmallOrDigit(code: number): boolean {
  return isSmall(code) || (code >= 48 && code <= 57);
}
