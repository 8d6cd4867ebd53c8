/** How much of one tool one user has used lately. */
export class ToolUse {
  #running = 0;
  #saved: number;

  /**
   * @param perMinute calls that are granted each minute, as many at once; 0 for no limit
   * @param now milliseconds of a clock that is never set back
   */
  constructor(
    private readonly perMinute: number,
    private readonly atOnce: number,
    private now: number,
  ) {
    this.#saved = perMinute;
  }

  /** Whether forgetting it would grant nobody anything. */
  isIdle(now: number): boolean {
    return this.#running === 0 && this.#savedAt(now) >= this.perMinute;
  }

  get isCrowded(): boolean {
    return this.atOnce > 0 && this.#running >= this.atOnce;
  }

  /** Seconds until the next call is granted; 0 begins it now. */
  enter(now: number): number {
    if (this.perMinute > 0) {
      this.#saved = this.#savedAt(now);
      this.now = now;
      if (this.#saved < 1) return ((1 - this.#saved) * 60) / this.perMinute;
      this.#saved -= 1;
    }
    this.#running += 1;
    return 0;
  }

  leave(): void {
    this.#running -= 1;
  }

  #savedAt(now: number): number {
    return Math.min(this.perMinute, this.#saved + ((now - this.now) * this.perMinute) / 60_000);
  }
}
