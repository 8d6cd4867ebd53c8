import type { JsonObject } from '#libs/mcp';
import type { Violation } from '../../plugin.js';
import type { OutputLengthGuardSettings } from './output-length-guard.settings.js';

/** What can't be let through, and can't be cut either. */
export class LengthError extends Error {
  constructor(readonly violation: Violation) {
    super(violation.description);
  }
}

/** How long one text may be, in the unit that the configuration chose. */
export class LengthBounds {
  readonly #unit: number;
  readonly #min: number;
  /** Infinity for none. */
  readonly #max: number;

  constructor(private readonly settings: OutputLengthGuardSettings) {
    const { limit_mode, chars_per_token, min_chars, min_tokens, max_chars, max_tokens } = settings;
    const inTokens = limit_mode === 'token';
    this.#unit = inTokens ? chars_per_token : 1;
    this.#min = inTokens ? min_tokens : min_chars;
    this.#max = (inTokens ? max_tokens : max_chars) || Infinity;
  }

  /** @throws LengthError for what may not be cut */
  cut(text: string): string {
    const length = this.#lengthOf(text);
    if (length > this.#max) return this.settings.strategy === 'block' ? this.refuse(length) : this.#cut(text);
    return text;
  }

  /** @throws LengthError */
  checkLeast(text: string): void {
    const length = this.#lengthOf(text);
    if (length < this.#min && this.settings.strategy === 'block') this.refuse(length);
  }

  /** Of bytes in base64, a part is worth nothing. @throws LengthError */
  checkWhole(encoded: string): void {
    const length = this.#lengthOf(encoded);
    if (length > this.#max) this.refuse(length);
  }

  /** @throws LengthError always */
  refuse(length: number, max: number = this.#max): never {
    const inTokens = this.settings.limit_mode === 'token';
    const most = Number.isFinite(max) ? max : null;
    const details: JsonObject = { length, min: this.#min, max: most, strategy: this.settings.strategy };
    throw new LengthError({
      reason: 'Output length out of bounds',
      description: `Result length ${length} not in [${this.#min}, ${most ?? 'unbounded'}]`,
      code: inTokens ? 'OUTPUT_TOKEN_VIOLATION' : 'OUTPUT_LENGTH_VIOLATION',
      details,
      mcpErrorCode: -32000,
      httpStatus: 422,
    });
  }

  #lengthOf(text: string): number {
    return Math.ceil(text.length / this.#unit);
  }

  #cut(text: string): string {
    const { ellipsis, word_boundary } = this.settings;
    const most = Math.floor(this.#max * this.#unit);
    const end = ellipsis.length <= most ? ellipsis : '';
    let at = most - end.length;
    if (word_boundary) at = wordEnd(text, at);
    // Half a surrogate pair is no character.
    if (/[\uD800-\uDBFF]/.test(text.charAt(at - 1))) at--;
    return text.slice(0, at) + end;
  }
}

function wordEnd(text: string, at: number): number {
  if (/\s/.test(text.charAt(at))) return at;
  const least = Math.floor(at * 0.8);
  for (let end = at; end > least; end--) if (/\s/.test(text.charAt(end - 1))) return end - 1;
  return at;
}
