import { BLANK, DIGIT, IDEOGRAPH, KEY_LENGTH, KINDS, LETTER, step } from './letters.js';

/** What a reading notices on its way; it says which disguises are worth a closer look. */
export interface Traits {
  /** Where a digit stands before a letter. */
  readonly mixed: readonly number[];
  /** Long runs of letters and digits, as offsets. */
  readonly runs: readonly (readonly [start: number, end: number])[];
  /** The longest row of words of one letter. */
  readonly spacedLetters: number;
  /** How often one word follows itself. */
  readonly repeats: number;
}

/** UTF-16 units: memory of its own would take a shorter text longer than all the rest. */
const ROOM = 16_384;
const ROOMS = {
  units: new Uint16Array(ROOM),
  keys: new Uint16Array(ROOM),
  starts: new Uint32Array(ROOM),
  blanks: new Uint32Array(ROOM),
};
const BYTES = Buffer.from(ROOMS.units.buffer);
/** Characters; shorter runs cannot hold an encoded order. */
const LONG_RUN = 24;
const MOST_RUNS = 16;
const MOST_MIXED = 128;

/** The words of a folded text, until the next is read: for a short one there is room for one at a time. */
export class Words {
  /** The text, one by one read in a fraction of the time that a string takes. */
  readonly units: Uint16Array;
  /** By the number of the word: its key, where it starts, and how many times white space came before it. */
  readonly keys: Uint16Array;
  readonly starts: Uint32Array;
  readonly blanks: Uint32Array;
  readonly length: number;
  readonly traits: Traits;

  constructor(readonly text: string) {
    const { units, keys, starts, blanks } = text.length > ROOM ? roomsFor(text.length) : ROOMS;
    (text.length > ROOM ? Buffer.from(units.buffer) : BYTES).write(text, 'utf16le');
    [this.units, this.keys, this.starts, this.blanks] = [units, keys, starts, blanks];
    const end = text.length;
    // Each is read for every character.
    const [kinds, letter, digit, blank, ideograph, longest] = [KINDS, LETTER, DIGIT, BLANK, IDEOGRAPH, KEY_LENGTH];
    const mixed: number[] = [];
    const runs: [number, number][] = [];
    let [run, length, passed, isApart, single, singles, repeated, repeats, lastKey] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
    for (let at = 0; at < end;) {
      const kind = kinds[units[at]!];
      if (kind !== letter) {
        if (kind === digit) {
          if (mixed.length < MOST_MIXED && at + 1 < end && kinds[units[at + 1]!] === letter) mixed.push(at);
        } else {
          if (at - run >= LONG_RUN && runs.length < MOST_RUNS) runs.push([run, at]);
          run = at + 1;
          if (kind === blank) isApart = 1;
          else if (kind === ideograph) {
            keys[length] = step(0, units[at]!);
            starts[length] = at;
            blanks[length++] = passed;
          }
        }
        at++;
        continue;
      }
      const start = at;
      let key = step(0, units[at]!);
      let next = 0;
      while (++at < end && kinds[(next = units[at]!)] === letter) if (at < start + longest) key = step(key, next);
      passed += isApart;
      isApart = 0;
      keys[length] = key;
      starts[length] = start;
      blanks[length++] = passed;
      single = at === start + 1 ? single + 1 : 0;
      if (single > singles) singles = single;
      repeated = key === lastKey ? repeated + 1 : 0;
      if (repeated > repeats) repeats = repeated;
      lastKey = key;
    }
    if (end - run >= LONG_RUN) runs.push([run, end]);
    this.length = length;
    this.traits = { mixed, runs, spacedLetters: singles, repeats };
  }
}

const roomsFor = (length: number): typeof ROOMS => ({
  units: new Uint16Array(length),
  keys: new Uint16Array(length),
  starts: new Uint32Array(length),
  blanks: new Uint32Array(length),
});
