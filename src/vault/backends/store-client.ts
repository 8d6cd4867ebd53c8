import { setTimeout as pause } from 'node:timers/promises';
import { type BufferedAnswer, type BufferedRequest, type Egress, EgressError, type EgressReason } from '#libs/egress';
import { isJsonObject, type JsonObject, parseBounded } from '#libs/mcp';
import { StoreError } from './store-error.js';

/** How a store is spoken of to administrators. */
export interface StoreNames {
  /** `Vault`. */
  readonly store: string;
  /** The setting that says where it is. */
  readonly address: string;
  /** The settings that say who we are there. */
  readonly credential: string;
}

export interface StoreCall extends Pick<BufferedRequest, 'method' | 'headers' | 'body'> {
  readonly url: URL;
  /** The setting, or the reference, that names what is asked for. */
  readonly subject: string;
}

/** Bytes; a secret of 64 KiB, the most that the stores keep, with every character escaped. */
const MOST_BYTES = 512 * 1024;
const DEEPEST = 16;
const ATTEMPTS = 3;
/** Milliseconds; doubled for each further attempt, of which a random share is waited. */
const FIRST_PAUSE_MS = 100;
const PASSING: ReadonlySet<EgressReason> = new Set(['timeout', 'broken', 'busy']);

/** Asks stores of keys and secrets by the one way out: bounded, and three times where a fault may pass by itself. */
export class StoreClient {
  /** @param timeoutMs of each attempt */
  constructor(
    private readonly egress: Egress,
    private readonly timeoutMs: number,
    private readonly names: StoreNames,
  ) {}

  /** The JSON object that a store answers. @throws StoreError for everything else */
  async ask({ headers, ...call }: StoreCall): Promise<JsonObject> {
    const answer = await this.send({ ...call, headers: { accept: 'application/json', ...headers } });
    this.#demand(answer.status, call.subject);
    const parsed = parseBounded(answer.body, DEEPEST);
    if (typeof parsed === 'string' || !isJsonObject(parsed.value)) throw this.unreadable();
    return parsed.value;
  }

  /** Any answer but one of the 500s. @throws StoreError `unreachable` */
  async send({ url, method, headers, body }: StoreCall): Promise<BufferedAnswer> {
    const request: BufferedRequest = {
      method,
      headers: { ...headers, 'accept-encoding': 'identity' },
      ...(body !== undefined && { body }),
      timeoutMs: this.timeoutMs,
      maxBytes: MOST_BYTES,
    };
    for (let attempt = 1; ; attempt += 1) {
      const fault = await this.egress.request(url, request).then(
        (answer) => (answer.status < 500 ? answer : answer.status),
        (error: unknown) => error,
      );
      if (typeof fault === 'object' && fault !== null && 'body' in fault) return fault as BufferedAnswer;
      if (attempt === ATTEMPTS || !mayPass(fault)) throw this.#unreachable(fault);
      await pause(Math.random() * FIRST_PAUSE_MS * 2 ** attempt);
    }
  }

  unreadable(): StoreError {
    const { store, address } = this.names;
    return new StoreError('invalid_answer', `${store} gave an answer that can't be used; is ${address} right?`);
  }

  /** What the status of an answer means, for those who read the answer themselves. @throws StoreError unless it is a 200 */
  #demand(status: number, subject: string): void {
    const fault = this.fault(status, subject);
    if (fault) throw fault;
  }

  /** Undefined for the 200s. */
  fault(status: number, subject: string): StoreError | undefined {
    if (status >= 200 && status < 300) return undefined;
    const { store, credential } = this.names;
    if (status === 401 || status === 403) {
      const text = `${store} refuses us (HTTP ${status}): look at ${credential}, and at its rights to what ${subject} names`;
      return new StoreError('refused', text, status);
    }
    if (status === 404) return new StoreError('missing', `${store} has nothing that ${subject} names`, status);
    return new StoreError('refused', `${store} refused the request (HTTP ${status}); is ${subject} right?`, status);
  }

  #unreachable(fault: unknown): StoreError {
    const { store, address } = this.names;
    if (fault instanceof EgressError) {
      const reason = fault.reason === 'too_large' ? 'invalid_answer' : 'unreachable';
      return new StoreError(reason, `${store} can't be asked: ${fault.message}; see ${address}`);
    }
    const said = typeof fault === 'number' ? `HTTP ${fault}` : 'no answer';
    return new StoreError('unreachable', `${store} is out of order (${said}); see ${address}`);
  }
}

const mayPass = (fault: unknown): boolean =>
  typeof fault === 'number' || (fault instanceof EgressError && PASSING.has(fault.reason));
