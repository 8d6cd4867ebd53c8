import { LRUCache } from 'lru-cache';
import { StoreError } from '../backends/store-error.js';
import { isReference, isWithin, parseReference } from './parse-reference.js';
import type { ReferenceSettings } from './reference.settings.js';
import type { SecretSource } from './secret-source.js';

interface Kept {
  readonly value: string | undefined;
  /** Of the last attempt, where there is no value. */
  readonly fault?: unknown;
  /** Epoch milliseconds. */
  readonly readAt: number;
  /** Epoch milliseconds until when nobody asks again. */
  readonly freshUntil: number;
}

const MOST_KEPT = 1000;
/** After a read that failed, milliseconds. */
const RETRY_MS = 5000;
/** A secret that was just read is not read again because an upstream refuses it, milliseconds. */
const LEAST_LIFE_MS = 10_000;
/** Characters. */
const LONGEST_SECRET = 65_536;

/** Reads the secrets that references lead to, and keeps them for a while. */
export class SecretReferences {
  readonly #kept = new LRUCache<string, Kept>({ max: MOST_KEPT });
  readonly #flights = new Map<string, Promise<string>>();
  readonly #sources: ReadonlyMap<string, SecretSource>;

  constructor(
    sources: readonly SecretSource[],
    private readonly settings: ReferenceSettings,
  ) {
    this.#sources = new Map(sources.map((source) => [source.scheme, source]));
  }

  /** @throws StoreError `misconfigured` for what is no reference, or none that SECRET_REFERENCES_ALLOWED lets pass */
  demand(text: string): URL {
    const reference = parseReference(text);
    if (!reference) throw new StoreError('misconfigured', 'begins like a reference to a secret and is not well made');
    if (this.settings.allowed.some((prefix) => isWithin(reference, prefix))) return reference;
    throw new StoreError(
      'misconfigured',
      'is a reference to a secret that SECRET_REFERENCES_ALLOWED does not let pass',
    );
  }

  /** The secret that a reference leads to; a text that is none stays what it is. @throws StoreError */
  async resolve(text: string): Promise<string> {
    if (!isReference(text)) return text;
    const reference = this.demand(text);
    const kept = this.#kept.get(text);
    if (!kept || Date.now() >= kept.freshUntil) return this.#flight(text, reference, kept);
    if (kept.value !== undefined) return kept.value;
    throw kept.fault;
  }

  /** An upstream has refused the secret, so that it may have been changed. */
  forget(text: string): void {
    const kept = this.#kept.peek(text);
    if (kept && Date.now() >= kept.readAt + LEAST_LIFE_MS) this.#kept.delete(text);
  }

  #flight(text: string, reference: URL, kept: Kept | undefined): Promise<string> {
    const flying = this.#flights.get(text);
    if (flying) return flying;
    const flight = this.#read(text, reference, kept).finally(() => this.#flights.delete(text));
    this.#flights.set(text, flight);
    return flight;
  }

  async #read(text: string, reference: URL, kept: Kept | undefined): Promise<string> {
    try {
      const value = await this.#sourceOf(reference).read(reference);
      if (value === '' || value.length > LONGEST_SECRET)
        throw new StoreError('invalid_answer', 'The secret that a reference names is empty, or longer than 64 KiB');
      const now = Date.now();
      this.#kept.set(text, { value, readAt: now, freshUntil: now + this.settings.cacheSeconds * 1000 });
      return value;
    } catch (fault) {
      const again = Date.now() + RETRY_MS;
      if (kept?.value !== undefined && this.#mayServe(kept, fault)) {
        this.#kept.set(text, { ...kept, freshUntil: again });
        return kept.value;
      }
      this.#kept.set(text, { value: undefined, fault, readAt: 0, freshUntil: again });
      throw fault;
    }
  }

  /** A store that says no is believed at once; one that says nothing, for as long as the settings bear it. */
  #mayServe({ readAt }: Kept, fault: unknown): boolean {
    if (!(fault instanceof StoreError) || fault.reason !== 'unreachable') return false;
    const { cacheSeconds, staleSeconds } = this.settings;
    return Date.now() < readAt + (cacheSeconds + staleSeconds) * 1000;
  }

  #sourceOf({ protocol }: URL): SecretSource {
    const source = this.#sources.get(protocol);
    if (!source) throw new StoreError('misconfigured', `This build reads no references that begin with ${protocol}`);
    return source;
  }
}
