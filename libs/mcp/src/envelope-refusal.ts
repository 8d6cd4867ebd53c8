import { errorBody, type JsonRpcId } from './json-rpc.js';
import type { Message } from './message.js';
import { REQUEST_METHODS } from './methods.js';
import { targetOf } from './target.js';

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
    /** What was asked for, where that could be read; not believed, only written down. */
    readonly asked?: { readonly method: string; readonly targetName: string | undefined },
  ) {}

  /** The same refusal, with what the refused message asked for. */
  of(message: Message): EnvelopeRefusal {
    const member = REQUEST_METHODS.get(message.method)?.target;
    const asked = { method: message.method, targetName: member && targetOf(message, member) };
    return new EnvelopeRefusal(this.httpStatus, this.code, this.message, this.id, this.data, asked);
  }

  /** The JSON-RPC error answer. */
  body(): string {
    return errorBody(this.id, this.code, this.message, this.data);
  }
}
