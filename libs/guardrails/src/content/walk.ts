import { blobText } from './blob-text.js';
import type { ContentBudget } from './content-limits.js';
import { ContentText, type Step, type Written } from './content-text.js';
import { endOfString, walkJson } from './json-text.js';
import { Place, type PlaceKind } from './place.js';

/** Member names that the protocol gives; nobody hides anything in them. */
const PROTOCOL_NAMES: ReadonlySet<string> = new Set(
  (
    'type text content structuredContent isError _meta resource uri mimeType blob data name title description role ' +
    'messages arguments params result annotations inputSchema outputSchema properties required items contents id'
  ).split(' '),
);
/** Where the text of an item of a list stands, when the item is an object. */
const TEXT_NAMES: ReadonlySet<string> = new Set(
  'text content delta chunk part data value output message body blob line'.split(' '),
);
/** Where MCP puts it: an image between, or another member before, is no part of what is read on. */
const CONTENT_NAMES: ReadonlySet<string> = new Set(['text']);
/** Shorter numbers identify nobody. */
const LEAST_NUMBER = 100_000;
/** No image is smaller, and many a token is base64 by its letters. */
const LEAST_BINARY = 64;
const INTEGER = /^-?\d+$/;
const LONG_INTEGER = /^-?\d{6,}$/;

/** One pass over a value. Recursion is as deep as the limit allows and no deeper. */
export class Walk {
  readonly texts: ContentText[] = [];
  /** Texts of neighbouring items of one array: what is split among them is read joined. */
  readonly neighbours: ContentText[][] = [];

  constructor(
    private readonly budget: ContentBudget,
    private readonly written: Written = (value) => [String(value)],
  ) {}

  value(value: unknown, place?: Place, at?: Step, label?: string): void {
    if (typeof value === 'string') this.string(value, label, place, at);
    else if (typeof value === 'number') {
      if (Number.isSafeInteger(value)) {
        if (Math.abs(value) >= LEAST_NUMBER) this.number(String(value), label, place, at);
      } else for (const token of this.written(value)) this.number(token, label, place, at);
    } else if (Array.isArray(value)) this.#array(value, place, at, label);
    else if (typeof value === 'object' && value !== null) this.#object(value as Record<string, unknown>, place, at);
  }

  string(text: string, label: string | undefined, place?: Place, at?: Step, from = 0, to = 0): void {
    // A document was counted as the string it stands in.
    if ((place?.documents ?? 0) === 0) this.budget.chars(text.length);
    if (mayBeJson(text) && this.#isJson(text)) {
      walkJson(text, this.open('json', text, place, at, from, to), this, label);
    } else if (text !== '') this.#push(new ContentText('value', text, label, place, at, from, to));
  }

  /** @param token as it is written, `4.0` and `4e0` too; what is no long integer is not looked at */
  number(token: string, label: string | undefined, place?: Place, at?: Step, from = 0, to = 0): void {
    const integer = INTEGER.test(token) || !Number.isSafeInteger(Number(token)) ? token : String(Number(token));
    if (!LONG_INTEGER.test(integer)) return;
    const digits = integer.startsWith('-') ? integer.slice(1) : integer;
    this.#push(new ContentText('number', digits, label, place, at, from, to));
  }

  key(name: string, place: Place, from = 0, to = 0): void {
    if (PROTOCOL_NAMES.has(name) || name === '') return;
    if (place.documents === 0) this.budget.chars(name.length);
    this.#push(new ContentText('key', name, undefined, place, name, from, to));
  }

  /** @throws ContentLimitError */
  open(kind: PlaceKind, source: unknown, above?: Place, at?: Step, from = 0, to = 0): Place {
    const place = new Place(kind, source, above, at, from, to);
    this.budget.depth(place.depth);
    this.budget.documents(place.documents);
    return place;
  }

  /** @param marks how many texts there were before each item of the array, and after the last */
  closeArray(array: Place, marks: readonly number[]): void {
    if (marks.length < 3) return;
    const row = this.#row(array, marks, TEXT_NAMES);
    if (row.length > 1) this.neighbours.push(row);
    const contents = this.#row(array, marks, CONTENT_NAMES);
    if (contents.length > 1 && contents.some((text, at) => text !== row[at])) this.neighbours.push(contents);
  }

  #row(array: Place, marks: readonly number[], names: ReadonlySet<string>): ContentText[] {
    const row: ContentText[] = [];
    for (let item = 0; item + 1 < marks.length; item++) {
      const text = this.#textOfItem(array, marks[item] ?? 0, marks[item + 1] ?? 0, names);
      if (text) row.push(text);
    }
    return row;
  }

  #textOfItem(array: Place, from: number, to: number, names: ReadonlySet<string>): ContentText | undefined {
    for (let at = from; at < Math.min(to, from + 16); at++) {
      const text = this.texts[at];
      if (text?.kind !== 'value') continue;
      if (text.place === array || (typeof text.at === 'string' && names.has(text.at))) return text;
    }
    return undefined;
  }

  #array(items: readonly unknown[], place: Place | undefined, at: Step | undefined, label: string | undefined): void {
    const here = this.open('members', items, place, at);
    const marks = [this.texts.length];
    for (let index = 0; index < items.length; index++) {
      this.value(items[index], here, index, label);
      marks.push(this.texts.length);
    }
    this.closeArray(here, marks);
  }

  #object(members: Readonly<Record<string, unknown>>, place: Place | undefined, at: Step | undefined): void {
    const here = this.open('members', members, place, at);
    for (const name of Object.keys(members)) {
      this.key(name, here);
      const value = members[name];
      if (typeof value === 'string' && isEncoded(name, members)) this.blob(value, true, here, name);
      else this.value(value, here, name, name);
    }
  }

  /**
   * A blob is text if its bytes are; if it isn't base64 it is text as it stands.
   * @param isBinary whether what is base64 of other bytes is surely no text
   */
  blob(blob: string, isBinary: boolean, place: Place, at: Step, from = 0, to = 0): void {
    const bytes = Buffer.from(blob, 'base64');
    // Decoders pass over line breaks (RFC 2045, section 6.8).
    const isBase64 = bytes.length === Buffer.byteLength(blob.replaceAll(/\s+/g, ''), 'base64');
    const isLong = isBinary && blob.length >= LEAST_BINARY;
    const text = isBase64 ? blobText(bytes, isLong) : undefined;
    if (text !== undefined) {
      this.budget.chars(text.length);
      this.string(text, String(at), this.open('base64', blob, place, at, from, to));
    } else if (isBase64 && isLong) this.budget.binary(blob.length);
    else this.string(blob, String(at), place, at, from, to);
  }

  /** Its depth first, which is cheap: JSON.parse would take seconds for megabytes of brackets. */
  #isJson(text: string): boolean {
    this.budget.depth(nesting(text, this.budget.limits.depth));
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  }

  #push(text: ContentText): void {
    this.budget.texts(this.texts.push(text));
  }
}

/** What MCP says is base64: the blob of a resource, the data of an image or of audio. */
function isEncoded(name: string, members: Readonly<Record<string, unknown>>): boolean {
  if (name === 'blob') return typeof members.uri === 'string';
  return name === 'data' && (members.type === 'image' || members.type === 'audio');
}

function mayBeJson(text: string): boolean {
  const first = text.charCodeAt(0);
  if (first > 0x20 && first !== 0x7b && first !== 0x5b) return false;
  const trimmed = text.trim();
  return (trimmed.startsWith('{') && trimmed.endsWith('}')) || (trimmed.startsWith('[') && trimmed.endsWith(']'));
}

/** Brackets within each other, outside of strings: at least those of the JSON, if it is JSON. */
function nesting(text: string, most: number): number {
  let depth = 0;
  for (let at = 0; at < text.length && depth <= most; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x7b || code === 0x5b) depth++;
    else if (code === 0x7d || code === 0x5d) depth--;
    else if (code === 0x22) at = endOfString(text, at) - 1;
  }
  return depth;
}
