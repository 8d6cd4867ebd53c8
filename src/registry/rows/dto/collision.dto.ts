import type { Collision } from '../../catalog/catalog.js';

/** Two items want one name or URI. */
export class CollisionDto {
  /** `tools`, `resources` (templates too) or `prompts`. */
  kind: string;
  name: string;
  /** The id of the item that has the name; null where it is one of the gateway's own tools. */
  servedId: string | null;
  otherId: string;
  /** What the other item goes by instead; null where those who see both never reach it. */
  otherName: string | null;
}

const MOST = 100;

/** Those that the caller may know of, the first hundred. @param sees whether the caller may see the item of an id */
export function shownCollisions(all: readonly Collision[], sees: (id: string) => boolean): CollisionDto[] {
  const seen = all.filter(({ served, other }) => (served === null || sees(served)) && sees(other));
  return seen
    .slice(0, MOST)
    .map(({ kind, name, served, other, otherName }) => ({ kind, name, servedId: served, otherId: other, otherName }));
}
