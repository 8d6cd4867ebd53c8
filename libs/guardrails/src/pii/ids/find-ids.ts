import { MOMENT } from '../dates.js';
import type { IdRule } from './id-rule.js';
import { ID_RULES } from './id-rules.js';
import { isWordAt, type Scan } from '../scan.js';

const DISTINCT = ID_RULES.filter(({ distinct }) => distinct);
const WRITTEN = ID_RULES.filter(({ written }) => written);
const ALONE = ID_RULES.filter(({ alone }) => alone);
const union = (patterns: readonly RegExp[]): RegExp => new RegExp(patterns.map(({ source }) => source).join('|'));
const ANY_DISTINCT = union(DISTINCT.map(({ shape }) => shape));
const HAS_FOUR_DIGITS = /\d(?:[A-Z]*\d){3}/;
/** Seconds and milliseconds of the years 2017 to 2033. */
const EPOCH = /^1[5-9]\d{8}(?:\d{3})?$/;
const PIECE = /[A-Za-z0-9]+/g;
/** What stands between the cells of a row. */
const CELL_END = /[,;\t\r\n|]/;
const MAX_PIECES = 7;
const MAX_LENGTH = 26;
/** Without separators or with the same one between groups of three or four. */
const PLAIN = /^[A-Z0-9]+(?:-[A-Z0-9])?$|^\d{1,4}(?:([ .-])\d{3,4})(?:\1\d{3,4}){0,4}$/;

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

/** Identifiers of persons: the pieces of a stretch, one by one and joined where single separators stand between them. */
export function findIds(scan: Scan, from: number, to: number, topics: ReadonlySet<string>): void {
  const { text } = scan;
  const told = topics.size > 0 ? ID_RULES.filter(({ rule }) => topics.has(rule)) : [];
  const pieces = Array.from(text.slice(from, to).matchAll(PIECE), ({ 0: value, index }): Piece => ({
    start: from + index,
    end: from + index + value.length,
    value,
  }));
  for (let first = 0; first < pieces.length; first += 1) {
    const begins = !touches(text, pieces, first);
    for (let last = joinable(text, pieces, first); last >= first; last -= 1) {
      const isolated = begins && !touches(text, pieces, last + 1);
      if ((isolated || told.length > 0) && identify(scan, isolated, told, pieces[first]!.start, pieces[last]!.end)) {
        first = last;
        break;
      }
    }
  }
}

/** Whether two pieces with digits stand one separator apart: then the one may be a part of a longer number. */
const touches = (text: string, pieces: readonly Piece[], second: number): boolean =>
  second > 0 &&
  second < pieces.length &&
  pieces[second]!.start === pieces[second - 1]!.end + 1 &&
  !CELL_END.test(text[pieces[second - 1]!.end]!) &&
  /\d/.test(pieces[second]!.value) &&
  /\d/.test(pieces[second - 1]!.value);

/** The last piece that may belong to an identifier beginning with this one. */
function joinable(text: string, pieces: readonly Piece[], first: number): number {
  if (!isPart(pieces[first]!.value)) return first - 1;
  let last = first;
  while (
    last + 1 < pieces.length &&
    last - first < MAX_PIECES - 1 &&
    pieces[last + 1]!.start === pieces[last]!.end + 1 &&
    /[ .\-/:]/.test(text[pieces[last]!.end]!) &&
    pieces[last + 1]!.end - pieces[first]!.start <= MAX_LENGTH &&
    isPart(pieces[last + 1]!.value)
  )
    last += 1;
  return last;
}

/** Words of letters only are too long for an identifier beyond four. */
const isPart = (piece: string): boolean => piece.length <= 4 || /\d/.test(piece);

function identify(scan: Scan, isolated: boolean, told: readonly IdRule[], start: number, end: number): boolean {
  const { text } = scan;
  if (end - start < 7 || end - start > MAX_LENGTH || isWordAt(text, start - 1) || isWordAt(text, end)) return false;
  const raw = text.slice(start, end).toUpperCase();
  const compact = raw.replace(/[^A-Z0-9]/g, '');
  if (compact.length < 7 || /^(\d)\1+$/.test(compact) || !HAS_FOUR_DIGITS.test(compact) || MOMENT.test(raw))
    return false;
  if (
    /^[.,]\d|^[-/]\w/.test(text.slice(end, end + 2)) ||
    /[\w.][-/.]$|[+]$/.test(text.slice(Math.max(0, start - 2), start))
  )
    return false;
  // The sign of the century in a Finnish code looks like a separator, so both forms are tried.
  const add = (score: number, rules: readonly IdRule[]): boolean =>
    rules.some(({ shape, check, type = 'national_id', rule }) => {
      const value = shape.test(compact) ? compact : shape.test(raw) ? raw : undefined;
      if (value === undefined || (check && !check(value))) return false;
      if (!(rules === told ? scan.free(start, end) : scan.freeForWeak(start, end))) return false;
      scan.add(type, rule, start, end, score);
      return true;
    });
  if (add(1, told)) return true;
  if (!isolated) return false;
  return (
    ((ANY_DISTINCT.test(compact) || ANY_DISTINCT.test(raw)) && add(0.9, DISTINCT)) ||
    (!/^\d+$/.test(raw) &&
      add(
        0.8,
        WRITTEN.filter(({ written }) => written!.test(raw)),
      )) ||
    (scan.alone(start, end) && PLAIN.test(raw) && !EPOCH.test(raw) && add(0.5, ALONE))
  );
}
