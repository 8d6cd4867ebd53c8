interface Slot<T> {
  readonly value: T;
  /** Where it stands; negative once it is gone. */
  at: number;
}

/**
 * What comes and goes with every call. Not a Set or a Map: the tables that those outgrow link to their successors, so
 * once one of them is in the old generation, everything that came after it survives until the next full collection.
 */
export class LiveList<T> {
  readonly #slots: Slot<T>[] = [];

  /** Returns how to take it out again; doing so twice is no fault. */
  add(value: T): () => void {
    const slot = { value, at: this.#slots.length };
    this.#slots.push(slot);
    return () => this.#remove(slot);
  }

  /** A copy, since who is told of an end leaves the list. */
  get values(): readonly T[] {
    return this.#slots.map(({ value }) => value);
  }

  #remove(slot: Slot<T>): void {
    if (slot.at < 0) return;
    const last = this.#slots.pop();
    if (last && last !== slot) {
      this.#slots[slot.at] = last;
      last.at = slot.at;
    }
    slot.at = -1;
  }
}
