import type { JsonRpcId, McpCall } from '#libs/mcp';
import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../../http/request-context.js';

/** Legacy calls that a `notifications/cancelled` may name. A caller can only ever end his own. */
@Injectable()
export class CallsInFlight {
  readonly #calls = new Map<string, Set<() => void>>();

  /** Returns how to forget the call. */
  add(context: RequestContext, call: McpCall, cancel: () => void): () => void {
    const key = keyOf(context, call.id);
    const calls = this.#calls.get(key) ?? new Set();
    calls.add(cancel);
    this.#calls.set(key, calls);
    return () => {
      calls.delete(cancel);
      if (calls.size === 0) this.#calls.delete(key);
    };
  }

  /** Without a session, clients of one token may use one id at a time each; then nobody is cancelled for another. */
  cancel(context: RequestContext, requestId: JsonRpcId): void {
    // Strangers can't be told apart, so that one would end the calls of another; closing the connection ends a call too.
    if (context.principal?.kind === 'anonymous') return;
    const calls = [...(this.#calls.get(keyOf(context, requestId)) ?? [])];
    if (calls.length === 1) calls[0]?.();
  }
}

function keyOf({ principal, serverId }: RequestContext, id: JsonRpcId | undefined): string {
  return JSON.stringify([principal?.subject, principal?.tokenId, serverId, id]);
}
