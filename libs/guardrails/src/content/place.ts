import type { Step } from './content-text.js';

/**
 * `members`: an object or array of the value. `json`, `base64`: a string that holds a document.
 * `part`: an object or array of a `json` document, which exists as tokens only.
 */
export type PlaceKind = 'members' | 'part' | 'json' | 'base64';

/** What holds texts: the way back to the root, along which a masked text is written. */
export class Place {
  /** Places above this one. */
  readonly level: number;
  /** Objects and arrays up to and with this one. */
  readonly depth: number;
  /** Strings that were opened on the way here. */
  readonly documents: number;
  /** The `json` that a `part` belongs to. */
  readonly document: Place;
  /** The names of a `part`'s members so far. */
  readonly names: string[] = [];

  /** @param from offsets of its token in the document of the place above, where that is JSON in a string */
  constructor(
    readonly kind: PlaceKind,
    readonly source: unknown,
    readonly place: Place | undefined,
    readonly at: Step | undefined,
    readonly from = 0,
    readonly to = 0,
  ) {
    const isDocument = kind === 'json' || kind === 'base64';
    this.level = place ? place.level + 1 : 0;
    this.depth = (place?.depth ?? 0) + (isDocument ? 0 : 1);
    this.documents = (place?.documents ?? 0) + (isDocument ? 1 : 0);
    this.document = kind === 'part' && place ? place.document : this;
  }

  get path(): Step[] {
    const path = this.place?.path ?? [];
    if (this.at !== undefined) path.push(this.at);
    return path;
  }
}
