/** A text that an engine reads by these two methods, and that counts how often. */
export class TimedText extends String {
  readonly #text: string;

  constructor(
    text: string,
    private readonly tick: () => void,
  ) {
    super(text);
    this.#text = text;
  }

  override charCodeAt(at: number): number {
    this.tick();
    return this.#text.charCodeAt(at);
  }

  override indexOf(sought: string, from?: number): number {
    this.tick();
    return this.#text.indexOf(sought, from);
  }
}
