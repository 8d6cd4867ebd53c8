import { isJsonObject, type McpCall, withRequestState } from '#libs/mcp';
import { SealError, Sealer } from '#libs/sealing';
import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { personOf } from '../../auth/principals/person-of.js';
import type { RequestContext } from '../../http/request-context.js';
import { VaultSettings } from '../../vault/vault.settings.js';

/** Where a call goes on when its client comes back. */
export type RequestState =
  /** The upstream's own state, as it wrote it. */
  | { readonly of: 'upstream'; readonly state: string }
  /** A call that waits here for the answers of this round, counted from 1. */
  | { readonly of: 'parked'; readonly call: string; readonly round: number }
  /** The call only has to be made once more. */
  | { readonly of: 'again' };

/** The call that a client makes, at an upstream. */
export interface StatefulCall {
  readonly call: McpCall;
  readonly context: RequestContext;
  readonly gateway: { readonly id: string };
}

interface Content {
  readonly state: RequestState;
  readonly owner: string;
  readonly serverId: string | undefined;
  readonly gatewayId: string;
  /** Of a state that the gate made: with other arguments it is another call. */
  readonly digest?: string;
  /** Epoch milliseconds. */
  readonly until?: number;
}

/** Why a `requestState` leads nowhere. The client is told the same of both. */
export type UnknownState = 'unknown_request_state' | 'foreign_request_state';

/** `requestState` as clients of 2026-07-28 get it: sealed, and good for one person at one endpoint alone. */
@Injectable()
export class RequestStates {
  readonly #sealer: Sealer;

  constructor(vault: VaultSettings) {
    this.#sealer = new Sealer(vault.keyRing('mcp-request-states'));
  }

  /** A state of the gate's own, for the very same call. @param untilMs epoch milliseconds */
  mint(state: RequestState, at: StatefulCall, untilMs: number): string {
    return this.#seal(state, at, { digest: digestOf(at.call), until: untilMs });
  }

  /** The `input_required` answer of an upstream with its state sealed. */
  sealed(answer: Buffer, at: StatefulCall): Buffer {
    return withRequestState(answer, 'result', (state) => this.#seal({ of: 'upstream', state }, at, {}));
  }

  read({ call, context, gateway }: StatefulCall): RequestState | UnknownState {
    const content = this.#open(call.params?.['requestState']);
    if (!content || (content.until ?? Infinity) <= Date.now()) return 'unknown_request_state';
    const { state, owner, serverId, gatewayId, digest } = content;
    const own = owner === personOf(context.principal) && serverId === context.serverId && gatewayId === gateway.id;
    return own && (digest === undefined || digest === digestOf(call)) ? state : 'foreign_request_state';
  }

  #seal(state: RequestState, { context, gateway }: StatefulCall, more: Pick<Content, 'digest' | 'until'>): string {
    const { principal, serverId } = context;
    const content: Content = { state, owner: personOf(principal), serverId, gatewayId: gateway.id, ...more };
    return this.#sealer.seal(JSON.stringify(content), []);
  }

  #open(given: unknown): Content | undefined {
    if (typeof given !== 'string') return undefined;
    try {
      return JSON.parse(this.#sealer.open(given, []).toString('utf8')) as Content;
    } catch (error) {
      if (error instanceof SealError) return undefined;
      throw error;
    }
  }
}

/** The same for the same method, target and arguments, in whatever order they are written. */
function digestOf({ method, targetName, params }: McpCall): string {
  const text = JSON.stringify([method, targetName, params?.['arguments']], ordered);
  return createHash('sha256').update(text).digest('base64url');
}

function ordered(_key: string, value: unknown): unknown {
  if (!isJsonObject(value)) return value;
  // A `__proto__` never comes through the envelope.
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
