import { qualifiedName } from '#libs/mcp';

interface Nameable {
  readonly id: string;
  readonly upstreamName: string;
  readonly createdAt: Date;
  /** Null for what is kept here: it goes by its own name. */
  readonly gateway: { readonly slug: string } | null;
}

/** The longest name that model APIs take. */
const MAX_LENGTH = 64;
const ID_DIGITS = 8;

/** Somebody had the name first: the item goes by another. */
export interface Renaming {
  readonly wanted: string;
  /** The ids of who has the name and who does not. */
  readonly served: string;
  readonly other: string;
  readonly otherName: string;
}

/**
 * The prefixed name of each item, by its id, each name once. Two gateways of different teams may have the same slug, and
 * slugs can run together (`a` + `b-c`, `a-b` + `c`): the item that was there first keeps the name, so that no newcomer can
 * take calls over, and the other's ends in digits of its id.
 */
export function prefixedNames(items: readonly Nameable[], separator: string) {
  const names = new Map<string, string>();
  const renamings: Renaming[] = [];
  const taken = new Map<string, string>();
  const byAge = items.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  for (const { id, upstreamName, gateway } of byAge) {
    const plain = gateway ? qualifiedName(gateway.slug, separator, upstreamName) : upstreamName;
    const served = taken.get(plain);
    const name = served === undefined ? plain : withId(plain, separator, id);
    if (taken.has(name)) continue;
    taken.set(name, id);
    names.set(id, name);
    if (served !== undefined) renamings.push({ wanted: plain, served, other: id, otherName: name });
  }
  return { names, renamings };
}

/** The name that an item goes by where its own is another's. */
export function withId(name: string, separator: string, id: string): string {
  const end = `${separator}${id.slice(0, ID_DIGITS)}`;
  return `${name.slice(0, MAX_LENGTH - end.length)}${end}`;
}
