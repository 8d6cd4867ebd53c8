import type { ContentText, Step } from './content-text.js';
import type { Place } from './place.js';

interface Edits {
  readonly values: Map<Step, unknown>;
  readonly names: Map<string, string>;
  readonly splices: { readonly from: number; readonly to: number; readonly text: string }[];
  whole?: string;
}

type Slot = Pick<Place, 'place' | 'at' | 'from' | 'to'>;

/**
 * The value with some of its texts written anew. What holds none of them is shared with the old value, which stays as
 * it was. A number that changes is 0; a key stays unique among its neighbours.
 */
export function rebuild(root: unknown, changes: ReadonlyMap<ContentText, string>): unknown {
  const touched = new Map<Place, Edits>();
  const levels: Set<Place>[] = [];
  const editsOf = (place: Place): Edits => {
    let edits = touched.get(place);
    if (!edits) {
      touched.set(place, (edits = { values: new Map(), names: new Map(), splices: [] }));
      (levels[place.level] ??= new Set()).add(place);
    }
    return edits;
  };
  let result = root;
  const put = ({ place, at, from, to }: Slot, value: unknown): void => {
    if (!place) result = value;
    else if (place.kind === 'part') editsOf(place.document).splices.push({ from, to, text: JSON.stringify(value) });
    else if (place.kind === 'members' && at !== undefined) editsOf(place).values.set(at, value);
    else editsOf(place).whole = String(value);
  };
  const taken = new Map<Place, TakenNames>();
  for (const [text, changed] of changes) {
    const { kind, place, at } = text;
    if (kind !== 'key') put(text, kind === 'number' ? 0 : changed);
    else if (place) {
      const name = freeName(changed, place, taken);
      if (place.kind === 'members') editsOf(place).names.set(String(at), name);
      else put(text, name);
    }
  }
  // From the deepest place up, so that each is made once.
  for (let level = levels.length - 1; level >= 0; level--) {
    for (const place of levels[level] ?? []) put(place, rewritten(place, editsOf(place)));
  }
  return result;
}

interface TakenNames {
  readonly names: Set<string>;
  readonly counts: Map<string, number>;
}

function freeName(wanted: string, place: Place, taken: Map<Place, TakenNames>): string {
  let of = taken.get(place);
  if (!of) {
    const names = place.kind === 'part' ? place.names : Object.keys(Object(place.source) as object);
    taken.set(place, (of = { names: new Set(names), counts: new Map() }));
  }
  let count = of.counts.get(wanted) ?? 1;
  let name = wanted;
  while (of.names.has(name)) name = `${wanted}_${++count}`;
  of.counts.set(wanted, count);
  of.names.add(name);
  return name;
}

function rewritten({ kind, source }: Place, { values, names, splices, whole }: Edits): unknown {
  if (kind === 'base64') return Buffer.from(whole ?? '', 'utf8').toString('base64');
  if (kind === 'json') return spliced(String(source), splices);
  if (Array.isArray(source))
    return source.map((item: unknown, index) => (values.has(index) ? values.get(index) : item));
  return Object.fromEntries(
    Object.entries(Object(source) as object).map(([name, value]: [string, unknown]) => [
      names.get(name) ?? name,
      values.has(name) ? values.get(name) : value,
    ]),
  );
}

function spliced(raw: string, splices: Edits['splices']): string {
  let done = 0;
  let text = '';
  for (const { from, to, text: part } of splices.sort((a, b) => a.from - b.from)) {
    text += raw.slice(done, from) + part;
    done = to;
  }
  return text + raw.slice(done);
}
