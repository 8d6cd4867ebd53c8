import { type BufferedAnswer, type Egress, EgressError } from '#libs/egress';
import { isJsonObject, parseBounded } from '#libs/mcp';
import { type Decision, type NoDecision, readDecision } from './policy-verdict.js';

export interface OpaAnswer {
  readonly outcome: Decision | NoDecision;
  /** Of OPA's own decision log. */
  readonly id?: string;
}

/** A decision is a few bytes; so much is read of an answer. */
const MOST_BYTES = 65_536;
const DEEPEST = 32;
const DECISION_ID = /^[\w.:-]{1,128}$/;

/** Asks the Data API of an OPA server, once for each question. */
export class OpaClient {
  readonly #headers: Readonly<Record<string, string>>;

  constructor(
    private readonly egress: Egress,
    private readonly timeoutMs: number,
    token: string | undefined,
  ) {
    this.#headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      'accept-encoding': 'identity',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
  }

  async ask(url: URL, body: string, signal: AbortSignal): Promise<OpaAnswer> {
    try {
      return read(
        await this.egress.request(url, {
          method: 'POST',
          headers: this.#headers,
          body,
          timeoutMs: this.timeoutMs,
          maxBytes: MOST_BYTES,
          signal,
        }),
      );
    } catch (error) {
      const reason = error instanceof EgressError ? error.reason : undefined;
      return { outcome: reason === 'timeout' || reason === 'too_large' ? reason : 'unreachable' };
    }
  }
}

function read({ status, body }: BufferedAnswer): OpaAnswer {
  if (status !== 200) return { outcome: 'status' };
  const parsed = parseBounded(body, DEEPEST);
  if (typeof parsed === 'string' || !isJsonObject(parsed.value)) return { outcome: 'not_a_decision' };
  const { result, decision_id: id } = parsed.value;
  return {
    outcome: readDecision(result),
    ...(typeof id === 'string' && DECISION_ID.test(id) && { id }),
  };
}
