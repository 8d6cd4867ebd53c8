/** Bits of a hash that a character has a part in; the character that comes next moves them so far. */
const LANE = 5;
/** The filter knows three characters and a bit of a fourth, the lists two, what they list six. */
const [FILTERED, LISTED, KNOWN] = [16, 10, 30];
const [FILTER, LIST] = [(1 << FILTERED) - 1, (1 << LISTED) - 1];
/** What is listed of a literal: its hash, which bits of that count, and where in `records` it is. */
const [HASH, MASK, RECORD, ENTRY] = [0, 1, 2, 3];
/** UTF-16 units of the longest literal: so many before a block are at hand. */
const LEAD = 64;
/** UTF-16 units that are read at once: those of an array cost half of what those of a string cost. */
const BLOCK = 8192;
/** The last two are for a block of an odd length. */
const units = new Uint16Array(LEAD + BLOCK + 2);
const bytes = Buffer.from(units.buffer);

/**
 * Finds every occurrence of many ASCII literals, whatever their case, in one pass: a place of the text takes a second
 * look where its last characters are, by their hash, those of a literal. A call meets cold caches, so what nearly every
 * place needs is no more than a filter of 8 kB, and what a second look needs lies together. At worst the time grows with
 * the literals that end alike.
 */
export class LiteralScanner<T> {
  /** A bit for each hash that a literal may end with. */
  private readonly filter = new Uint32Array((FILTER + 1) >> 5);
  /** Where in `entries` the list of such a hash begins, and the next one's. */
  private readonly lists = new Uint16Array(LIST + 2);
  /** The literals of each list, the longest first. */
  private readonly entries: Uint32Array;
  /** For each literal which value it has, its length, and its characters. */
  private readonly records: Uint16Array;
  private readonly values: readonly T[];

  /**
   * @param entries literals of 1 to 64 characters, none of which is NUL
   * @throws RangeError where they are longer, or more than there is room for
   */
  constructor(entries: readonly (readonly [literal: string, value: T])[]) {
    this.values = entries.map(([, value]) => value);
    const records: number[] = [];
    const lists = Array.from({ length: LIST + 1 }, (): number[] => []);
    const indexed = entries.map(([literal], index) => ({ literal: literal.toLowerCase(), index }));
    for (const { literal, index } of indexed.sort((a, b) => b.literal.length - a.literal.length)) {
      if (literal.length > LEAD) throw new RangeError('A literal longer than there is room for');
      const codes = Array.from(literal, (character) => character.charCodeAt(0));
      const hash = codes.reduce(hashed, 0);
      const known = Math.min(LANE * codes.length, KNOWN);
      const mask = 2 ** known - 1;
      for (const each of endingWith(hash, known, FILTERED)) this.filter[each >>> 5]! |= 1 << each;
      for (const each of endingWith(hash, known, LISTED)) lists[each]!.push(hash & mask, mask, records.length);
      records.push(index, codes.length, ...codes);
    }
    const listed = lists.flat();
    if (Math.max(records.length, listed.length) > 0xffff) throw new RangeError('More literals than there is room for');
    for (const [at, list] of lists.entries()) this.lists[at + 1] = this.lists[at]! + list.length;
    this.entries = Uint32Array.from(listed);
    this.records = Uint16Array.from(records);
  }

  /**
   * Calls back for each occurrence, in the order in which they end, the longest first.
   * @param visit scans nothing itself: there is room for the units of one text
   */
  scan(text: string, visit: (value: T, start: number, end: number) => void): void {
    const { filter } = this;
    let hash = 0;
    for (let from = 0; from < text.length; from += BLOCK) {
      const block = text.length > BLOCK ? text.slice(from, from + BLOCK) : text;
      if (from > 0) units.copyWithin(0, BLOCK, BLOCK + LEAD);
      bytes.write(block, 2 * LEAD, 'utf16le');
      const last = LEAD + block.length;
      units[last] = 0;
      // Two at a time take little more than one.
      for (let at = LEAD; at < last; at += 2) {
        const first = hashed(hash, units[at]!);
        hash = hashed(first, units[at + 1]!);
        const one = filter[(first & FILTER) >>> 5]! >>> first;
        const two = filter[(hash & FILTER) >>> 5]! >>> hash;
        if (((one | two) & 1) === 0) continue;
        if ((one & 1) !== 0) this.look(first, at + 1, from - LEAD, visit);
        if ((two & 1) !== 0) this.look(hash, at + 2, from - LEAD, visit);
      }
    }
  }

  private look(hash: number, end: number, offset: number, visit: (value: T, start: number, end: number) => void): void {
    const { lists, entries, records } = this;
    const listEnd = lists[(hash & LIST) + 1]!;
    for (let entry = lists[hash & LIST]!; entry < listEnd; entry += ENTRY) {
      if ((hash & entries[entry + MASK]!) !== entries[entry + HASH]!) continue;
      const record = entries[entry + RECORD]!;
      const start = end - records[record + 1]!;
      let at = start;
      for (let wanted = record + 2; at < end && isSame(units[at]!, records[wanted]!); wanted++) at++;
      // Before the first block stands what another text left.
      if (at === end && start + offset >= 0) visit(this.values[records[record]!]!, start + offset, end + offset);
    }
  }
}

/** Of both cases the same. */
const hashed = (hash: number, unit: number): number => (hash << LANE) ^ (unit | 32);

/** All hashes of so many bits whose `known` last ones are those of a literal. */
function* endingWith(hash: number, known: number, bits: number): Generator<number> {
  const step = 1 << Math.min(known, bits);
  for (let each = hash & (step - 1); each < 1 << bits; each += step) yield each;
}

const isSame = (unit: number, wanted: number): boolean =>
  unit === wanted || ((unit | 32) === wanted && wanted >= 97 && wanted <= 122);
