import { errorBody, type JsonRpcId } from './json-rpc.js';

/**
 * Why an envelope is not let in. Returned, not thrown: a refusal must be no dearer than an answer, and a stack trace is.
 * The message names the field and the rule and never repeats a value that might be a secret.
 */
export class EnvelopeRefusal {
  constructor(
    readonly httpStatus: number,
    readonly code: number,
    readonly message: string,
    /** Undefined while no id has been read: the answer then carries none. */
    readonly id: JsonRpcId | undefined,
    readonly data?: unknown,
  ) {}

  /** The JSON-RPC error answer. */
  body(): string {
    return errorBody(this.id, this.code, this.message, this.data);
  }
}
