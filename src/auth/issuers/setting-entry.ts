import { parseUrl } from '#libs/egress';
import { isJsonObject, type JsonObject } from '#libs/mcp';

const MOST_ENTRIES = 1000;
const LONGEST = 2048;
const PRINTABLE = /^[\x21-\x7e]+$/;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** One object of a setting that is JSON, read member by member. What is wrong is an Error that names the place and the rule. */
export class SettingEntry {
  readonly #members: JsonObject;

  constructor(
    value: unknown,
    readonly place: string,
    known: ReadonlySet<string>,
  ) {
    if (!isJsonObject(value)) throw new Error(`${place} must be an object`);
    const unknown = Object.keys(value).find((name) => !known.has(name));
    if (unknown !== undefined) throw new Error(`${place}.${unknown} is not known`);
    this.#members = value;
  }

  has(name: string): boolean {
    return this.#members[name] !== undefined;
  }

  fail(name: string, rule: string): never {
    throw new Error(`${this.place}.${name} ${rule}`);
  }

  inner(name: string, known: ReadonlySet<string>): SettingEntry {
    return new SettingEntry(this.#members[name], `${this.place}.${name}`, known);
  }

  text(name: string, pattern = PRINTABLE): string {
    const value = this.#members[name];
    if (typeof value !== 'string' || value.length > LONGEST || !pattern.test(value))
      return this.fail(name, `must be text of at most ${LONGEST} printable characters`);
    return value;
  }

  texts(name: string, pattern = PRINTABLE): readonly string[] {
    const value = this.#members[name] ?? [];
    const sound = (item: unknown) => typeof item === 'string' && item.length <= LONGEST && pattern.test(item);
    if (!Array.isArray(value) || value.length > MOST_ENTRIES || !value.every(sound))
      return this.fail(name, `must be a list of at most ${MOST_ENTRIES} texts that match ${pattern.source}`);
    return value as string[];
  }

  flag(name: string): boolean {
    const value = this.#members[name] ?? false;
    return typeof value === 'boolean' ? value : this.fail(name, 'must be true or false');
  }

  integer(name: string, fallback: number, { min, max }: { readonly min: number; readonly max: number }): number {
    const value = this.#members[name] ?? fallback;
    const sound = typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max;
    return sound ? value : this.fail(name, `must be a whole number from ${min} to ${max}`);
  }

  /** Objects of the setting inside of this one. */
  entries(name: string, known: ReadonlySet<string>): readonly SettingEntry[] {
    const value = this.#members[name] ?? [];
    if (!Array.isArray(value) || value.length > MOST_ENTRIES)
      return this.fail(name, `must be a list of at most ${MOST_ENTRIES} objects`);
    return value.map((each: unknown, at) => new SettingEntry(each, `${this.place}.${name}[${at}]`, known));
  }

  map(name: string, pattern = PRINTABLE): ReadonlyMap<string, unknown> | undefined {
    const value = this.#members[name];
    if (value === undefined) return undefined;
    if (!isJsonObject(value) || !Object.keys(value).every((key) => pattern.test(key)))
      return this.fail(name, `must be an object whose names match ${pattern.source}`);
    return new Map(Object.entries(value));
  }

  /** Plain http only where nobody listens on the way. */
  url(name: string): { readonly given: string; readonly url: URL } {
    const given = this.text(name);
    const url = parseUrl(given);
    const safe = url && (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname)));
    if (!safe || given.includes('#') || given.includes('?') || url.username !== '' || url.password !== '')
      return this.fail(name, 'must be an https URL without query, fragment and user');
    return { given, url };
  }
}
