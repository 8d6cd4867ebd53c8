/** A replica that says nothing for so long may have changes that it can't tell, milliseconds. */
export const SILENCE_MS = 800;
/** One that says nothing for so long, and did not say good-bye, is taken for dead, milliseconds. */
const MOURNING_MS = 30_000;
const MOST_PEERS = 1000;

/** The other replicas, and when each was last heard. */
export class Peers {
  readonly #heardAt = new Map<string, number>();

  /** @param now milliseconds of a clock that is never set back */
  heard(peer: string, now: number): void {
    if (this.#heardAt.has(peer) || this.#heardAt.size < MOST_PEERS) this.#heardAt.set(peer, now);
  }

  left(peer: string): void {
    this.#heardAt.delete(peer);
  }

  /** Nothing is known of them any more: the time in which we could not hear them says nothing of them. */
  forget(): void {
    this.#heardAt.clear();
  }

  /** Whether one that should be heard is not. */
  silent(now: number): boolean {
    return [...this.#heardAt.values()].some((at) => now - at > SILENCE_MS);
  }

  /** Forgets the dead; true when there were any, who may have taken changes with them. */
  bury(now: number): boolean {
    const dead = [...this.#heardAt].filter(([, at]) => now - at > MOURNING_MS);
    for (const [peer] of dead) this.#heardAt.delete(peer);
    return dead.length > 0;
  }
}
