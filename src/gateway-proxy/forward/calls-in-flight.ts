import type { JsonRpcId, McpCall } from '#libs/mcp';
import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../../http/request-context.js';
import { LiveList } from './live-list.js';

/** Legacy calls that a `notifications/cancelled` may name. A caller can only ever end his own. */
@Injectable()
export class CallsInFlight {
  readonly #calls = new LiveList<{
    readonly key: string;
    readonly sessionId: string | undefined;
    readonly cancel: () => void;
  }>();

  /** Returns how to forget the call. */
  add(context: RequestContext, call: McpCall, cancel: () => void): () => void {
    return this.#calls.add({ key: keyOf(context, call.id), sessionId: context.mcpSessionId, cancel });
  }

  /**
   * Whether there was one to cancel here. Without a session, clients of one token may use one id at a time each; then
   * nobody is cancelled for another.
   */
  cancel(context: RequestContext, requestId: JsonRpcId): boolean {
    // Strangers can't be told apart, so that one would end the calls of another; closing the connection ends a call too.
    if (context.principal?.kind === 'anonymous' && context.mcpSessionId === undefined) return false;
    const named = keyOf(context, requestId);
    const calls = this.#calls.values.filter(({ key }) => key === named);
    if (calls.length === 1) calls[0]?.cancel();
    return calls.length === 1;
  }

  /** Nobody waits any more for what was called in the session. */
  cancelAll(sessionId: string): void {
    for (const call of this.#calls.values) if (call.sessionId === sessionId) call.cancel();
  }
}

function keyOf({ principal, serverId, mcpSessionId }: RequestContext, id: JsonRpcId | undefined): string {
  if (mcpSessionId !== undefined) return JSON.stringify([mcpSessionId, id]);
  return JSON.stringify([principal?.subject, principal?.tokenId, serverId, id]);
}
