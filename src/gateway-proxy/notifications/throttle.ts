/** Work that many ask for: done at once, and then so often at most, milliseconds. */
export class Throttle {
  #timer: NodeJS.Timeout | undefined;
  #doneAt = -Infinity;
  #stopped = false;

  constructor(
    private readonly work: () => void,
    private readonly everyMs: number,
  ) {}

  ask(): void {
    if (this.#timer || this.#stopped) return;
    const wait = Math.max(0, this.#doneAt + this.everyMs - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#doneAt = performance.now();
      this.work();
    }, wait).unref();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }
}
