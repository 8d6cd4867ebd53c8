import type { JsonRpcId } from '#libs/mcp';
import { BytesAnswer } from '../../http/answer.js';
import { type ExchangeFault, faultBody } from './exchange-fault.js';

/** What is known of a failure beside its name. */
export interface FaultFacts {
  /** No byte of the call was sent, so it was surely not executed. */
  readonly unsent?: boolean;
  /** What the upstream answered with, if it began to answer. */
  readonly status?: number | undefined;
  /** `WWW-Authenticate` of a 401 or 403. */
  readonly challenge?: string | undefined;
  /** `Retry-After` as the upstream wrote it. */
  readonly retryAfter?: string | undefined;
}

const NOTHING: FaultFacts = Object.freeze({});

/** Tells the caller that there is no answer of the upstream, and those who could try again why. */
export class FaultAnswer extends BytesAnswer {
  constructor(
    id: JsonRpcId | undefined,
    readonly fault: ExchangeFault,
    readonly facts: FaultFacts = NOTHING,
  ) {
    super(200, faultBody(id, fault));
  }
}
