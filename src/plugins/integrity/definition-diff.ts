import { isJsonObject } from '#libs/mcp';

export interface DefinitionChange {
  /** JSON Pointer (RFC 6901). */
  readonly path: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** JSON; what people would not see is written as an escape. */
  readonly before?: string;
  readonly after?: string;
}

const MOST_CHANGES = 200;
/** Characters of a value. */
const LONGEST = 2000;
/** All that takes no place, or turns the order of what is shown. */
const UNSEEN = /[\p{Cc}\p{Cn}\p{Co}\p{Default_Ignorable_Code_Point}\p{Cf}\p{Zl}\p{Zp}\u2800]/gu;

/** What makes two definitions differ, field by field; one entry more than are shown says that there is more. */
export function definitionDiff(before: unknown, after: unknown): readonly DefinitionChange[] {
  const changes: DefinitionChange[] = [];
  for (const change of differences(before, after, '')) {
    if (changes.length >= MOST_CHANGES) break;
    changes.push(change);
  }
  return changes;
}

export const isCutShort = (changes: readonly DefinitionChange[]): boolean => changes.length >= MOST_CHANGES;

function* differences(before: unknown, after: unknown, path: string): Iterable<DefinitionChange> {
  if (Object.is(before, after)) return;
  const [old, now] = [membersOf(before), membersOf(after)];
  if (!old || !now || Array.isArray(before) !== Array.isArray(after)) {
    yield { path, ...sides(before, after) };
    return;
  }
  for (const name of new Set([...old.keys(), ...now.keys()])) {
    const at = `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (old.has(name) && now.has(name)) yield* differences(old.get(name), now.get(name), at);
    else yield { path: shown(at), ...sides(old.get(name), now.get(name)) };
  }
}

function membersOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (!isJsonObject(value) && !Array.isArray(value)) return undefined;
  return new Map(Object.entries(value));
}

function sides(before: unknown, after: unknown): Omit<DefinitionChange, 'path'> {
  if (before === undefined) return { change: 'added', after: json(after) };
  if (after === undefined) return { change: 'removed', before: json(before) };
  return { change: 'changed', before: json(before), after: json(after) };
}

const json = (value: unknown): string => shown(JSON.stringify(value));

/** Characters that nobody sees are what a reviewer has to see. */
export function shown(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return cut.replaceAll(UNSEEN, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}
