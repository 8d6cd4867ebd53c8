/** Whether the gateway still takes calls; set once, on SIGTERM. */
export class Drain {
  #draining = false;
  readonly #listeners: (() => void)[] = [];

  get draining(): boolean {
    return this.#draining;
  }

  /** For what would never end by itself, such as a stream of notifications. */
  onBegin(listener: () => void): void {
    this.#listeners.push(listener);
  }

  begin(): void {
    this.#draining = true;
    for (const listener of this.#listeners.splice(0)) listener();
  }
}
