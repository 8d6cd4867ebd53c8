import { isLosslessNumber, LosslessNumber, parse, stringify } from 'lossless-json';
import { isJsonObject } from './json-rpc.js';
import type { Span } from './json-scan.js';

/** A number that a double may write otherwise: with a fraction, an exponent, or more than fifteen digits. */
const MAY_DIFFER = /[[:,]\s*-?\d+(?:[.eE]|(?<=\d{16}))/;

const always = (): boolean => true;
const isLarge = (value: unknown): value is number =>
  typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER;

/**
 * The numbers of a JSON text as they are written. Parsed, they are doubles, which hold 9007199254740993 as …992, 1e400 as
 * Infinity, and 1.0 as 1 (RFC 8259, section 6). The text is read anew for them, and only if somebody asks.
 */
export class WrittenNumbers {
  #tree: unknown;
  #large: Map<number, Set<string>> | undefined;

  /** @param span of an object or an array that JSON.parse has read, without repeated members; nothing has no numbers */
  constructor(
    private readonly bytes: Buffer,
    private readonly span: Span | undefined,
  ) {}

  /** How the numbers are written that are read as `value`, which no double holds exactly; itself, if it is not one of them. */
  of(value: number): readonly string[] {
    const written = isLarge(value) ? this.#byValue().get(value) : undefined;
    return written ? [...written] : [String(value)];
  }

  /**
   * JSON of what was made of the text's value: a number that is still what it was, where it was, as it was written.
   * @param path of what was made, from the text's value
   * @throws RangeError where a large number has moved, and it can't be told which one it was
   */
  stringify(made: unknown, ...path: readonly (string | number)[]): string {
    const written = this.#read();
    if (written === undefined) return JSON.stringify(made);
    return stringify(this.#restored(made, path.reduce(memberOf, written))) ?? 'null';
  }

  /** The same, but a number that a double holds is written in one way, however it was: `5.0` and `5e0` as `5`. */
  stringifyLarge(made: unknown, ...path: readonly (string | number)[]): string {
    const written = this.#read();
    if (written === undefined) return JSON.stringify(made);
    return stringify(this.#restored(made, path.reduce(memberOf, written), isLarge)) ?? 'null';
  }

  /**
   * JSON of something in which parts of the text's value stand elsewhere.
   * @throws RangeError where it can't be told which one a large number was
   */
  stringifyMoved(value: unknown): string {
    return this.#read() === undefined ? JSON.stringify(value) : (stringify(this.#restored(value, undefined)) ?? 'null');
  }

  #restored(value: unknown, written: unknown, isMeant: (value: number) => boolean = always): unknown {
    if (typeof value === 'number') return isMeant(value) ? this.#number(value, written) : value;
    if (Array.isArray(value))
      return value.map((item, index) => this.#restored(item, memberOf(written, index), isMeant));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, this.#restored(each, memberOf(written, name), isMeant)]),
    );
  }

  #number(value: number, written: unknown): unknown {
    if (isLosslessNumber(written) && Number(written.value) === value) return written;
    const known = isLarge(value) ? this.#byValue().get(value) : undefined;
    if (!known) return value;
    const [only = '', ...others] = known;
    if (others.length > 0) throw new RangeError('a number that stands elsewhere now could be one of several');
    return new LosslessNumber(only);
  }

  #byValue(): ReadonlyMap<number, ReadonlySet<string>> {
    if (this.#large) return this.#large;
    const large = (this.#large = new Map<number, Set<string>>());
    const open = [this.#read()];
    while (open.length > 0) {
      const next = open.pop();
      if (!isLosslessNumber(next)) {
        if (typeof next === 'object' && next !== null) for (const child of Object.values(next)) open.push(child);
        continue;
      }
      const value = Number(next.value);
      if (!isLarge(value)) continue;
      const known = large.get(value);
      if (known) known.add(next.value);
      else large.set(value, new Set([next.value]));
    }
    return large;
  }

  /** Undefined where JSON.stringify writes all of them as they were. */
  #read(): unknown {
    if (this.#tree === undefined) {
      const text = this.span ? this.bytes.toString('utf8', this.span.start, this.span.end) : '';
      this.#tree = (MAY_DIFFER.test(text) ? parse(text, null, exact) : undefined) ?? null;
    }
    return this.#tree ?? undefined;
  }
}

const memberOf = (value: unknown, name: string | number): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string | number, unknown>>)[name]
    : undefined;

const exact = (token: string): unknown => {
  const value = Number(token);
  return String(value) === token && !isLarge(value) ? value : new LosslessNumber(token);
};

/** Whether JSON.parse and JSON.stringify lose none of its numbers. */
export function holdsNumbers(value: unknown): boolean {
  const open = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (isLarge(next)) return false;
    if (typeof next === 'object' && next !== null) for (const child of Object.values(next)) open.push(child);
  }
  return true;
}
