/** What a value may cost to be read. Beyond any of these the walk stops with a `ContentLimitError`. */
export interface ContentLimits {
  /** UTF-16 units of all texts together, member names included. */
  readonly chars: number;
  /** Characters of base64 that is no text: images, audio, files. */
  readonly binary: number;
  /** How many texts, member names included. */
  readonly texts: number;
  /** Objects and arrays within each other, through JSON in strings too. */
  readonly depth: number;
  /** JSON in a string in JSON in a string. */
  readonly documents: number;
  /** UTF-16 units of what decoding brings to light, all readings together. */
  readonly decoded: number;
  /** Characters and runs that are decoded. */
  readonly units: number;
  /** Findings of one detector, each reading's counted. */
  readonly findings: number;
}

/** More text than a model reads at once. The walk takes at most some 30 ms a megabyte, a detector about 10. */
export const CONTENT_LIMITS: ContentLimits = {
  chars: 4 * 1024 * 1024,
  binary: 64 * 1024 * 1024,
  texts: 200_000,
  depth: 64,
  documents: 8,
  decoded: 8 * 1024 * 1024,
  units: 250_000,
  findings: 50_000,
};

/** The content is larger or deeper than can be judged. Who reads it for security refuses it. */
export class ContentLimitError extends Error {
  override readonly name = 'ContentLimitError';

  constructor(
    readonly limit: keyof ContentLimits | 'milliseconds of patterns',
    readonly most: number,
  ) {
    super(`content exceeds the limit of ${most} ${limit}`);
  }
}

/** What is left of the limits. A method for each that is spent in small coins: this is what walking costs. */
export class ContentBudget {
  readonly limits: ContentLimits;
  #chars: number;
  #units: number;
  #binary: number;
  #decoded: number;

  constructor(limits: Partial<ContentLimits> = {}) {
    this.limits = { ...CONTENT_LIMITS, ...limits };
    this.#chars = this.limits.chars;
    this.#units = this.limits.units;
    this.#binary = this.limits.binary;
    this.#decoded = this.limits.decoded;
  }

  /** @throws ContentLimitError, as all of these */
  chars(amount: number): void {
    if ((this.#chars -= amount) < 0) this.#exceeded('chars');
  }

  unit(): void {
    if (--this.#units < 0) this.#exceeded('units');
  }

  binary(amount: number): void {
    if ((this.#binary -= amount) < 0) this.#exceeded('binary');
  }

  decoded(amount: number): void {
    if ((this.#decoded -= amount) < 0) this.#exceeded('decoded');
  }

  texts(amount: number): void {
    if (amount > this.limits.texts) this.#exceeded('texts');
  }

  depth(amount: number): void {
    if (amount > this.limits.depth) this.#exceeded('depth');
  }

  documents(amount: number): void {
    if (amount > this.limits.documents) this.#exceeded('documents');
  }

  findings(amount: number): void {
    if (amount > this.limits.findings) this.#exceeded('findings');
  }

  #exceeded(limit: keyof ContentLimits): never {
    throw new ContentLimitError(limit, this.limits[limit]);
  }
}
