import { isJsonObject, type McpCall } from '#libs/mcp';
import { KeyRing, SealedHandles } from '#libs/sealing';
import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { personOf } from '../../auth/principals/person-of.js';
import type { RequestContext } from '../../http/request-context.js';
import { VaultSettings } from '../../vault/vault.settings.js';

/** Where a call goes on when its client comes back. */
export interface RequestState {
  /** The parked call; undefined where the call only has to be made once more. */
  readonly parked: string | undefined;
  /** Counted from 1. */
  readonly round: number;
}

interface Content extends RequestState {
  readonly owner: string;
  readonly serverId: string | undefined;
  /** Of the call: with other arguments it is another. */
  readonly digest: string;
}

/** Why a `requestState` leads nowhere. The client is told the same of both. */
export type UnknownState = 'unknown_request_state' | 'foreign_request_state';

/** `requestState` as the gate gives it to clients of 2026-07-28: sealed, good for one person, one endpoint and one call. */
@Injectable()
export class RequestStates {
  readonly #handles: SealedHandles<Content>;

  constructor(vault: VaultSettings) {
    this.#handles = new SealedHandles(KeyRing.fromSecret(vault.encryptionSecret.reveal(), 'mcp-request-states'));
  }

  mint(state: RequestState, call: McpCall, context: RequestContext, until: Date): string {
    const { principal, serverId } = context;
    return this.#handles.mint({ ...state, owner: personOf(principal), serverId, digest: digestOf(call) }, [], until);
  }

  read(call: McpCall, { principal, serverId }: RequestContext): RequestState | UnknownState {
    const given = call.params?.['requestState'];
    const content = typeof given === 'string' ? this.#handles.read(given, [], new Date()) : undefined;
    if (!content) return 'unknown_request_state';
    const own = content.owner === personOf(principal) && content.serverId === serverId;
    return own && content.digest === digestOf(call) ? content : 'foreign_request_state';
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
