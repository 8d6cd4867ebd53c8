import type { Place } from './place.js';

/** A member name, the index of an item. */
export type Step = string | number;

/** How the numbers are written that were read as this one, which a double does not hold exactly. */
export type Written = (value: number) => readonly string[];

export type TextKind = 'value' | 'key' | 'number';

/** A text of the value, and where it stands. */
export class ContentText {
  /**
   * @param place what holds it; nothing when the whole value is this text
   * @param at its member name or index there; for a key, the key itself
   * @param from offsets of its token, where the place is JSON in a string
   * @param label the name of the member it belongs to; items of an array have that of the array
   */
  constructor(
    readonly kind: TextKind,
    readonly text: string,
    readonly label: string | undefined,
    readonly place: Place | undefined,
    readonly at: Step | undefined,
    readonly from = 0,
    readonly to = 0,
  ) {}

  /** From the root. Documents within strings go on where they stand: no step tells that a string was opened. */
  get path(): Step[] {
    const path = this.place?.path ?? [];
    if (this.at !== undefined) path.push(this.at);
    return path;
  }
}
