import { type McpCall, RPC_CODES } from '#libs/mcp';
import type { Principal } from '#libs/policy';
import { SealedHandles } from '#libs/sealing';
import { Injectable } from '@nestjs/common';
import { personOf } from '../../auth/principals/person-of.js';
import type { BytesAnswer } from '../../http/answer.js';
import type { RequestContext } from '../../http/request-context.js';
import { VaultSettings } from '../../vault/vault.settings.js';
import { rpcError } from './gate-refusal.js';

/** What a cursor carries. */
interface CursorContent {
  readonly offset: number;
  /** Names the very list, as long as it shows the same. */
  readonly list: string;
  readonly owner: string;
}

/** Why a cursor is not taken. The client is told the same of both. */
export type UnknownCursor = 'invalid_cursor' | 'foreign_cursor';

/** Offsets into lists, sealed: any replica reads them, nobody makes them up, and each is of use to one person alone. */
@Injectable()
export class ListCursors {
  readonly #handles: SealedHandles<CursorContent>;

  constructor(settings: VaultSettings) {
    this.#handles = new SealedHandles(settings.keyRing('mcp-list-cursors'));
  }

  /** @param lifeMs for how long it is taken, milliseconds */
  mint(offset: number, list: string, principal: Principal, lifeMs: number): string {
    return this.#handles.mint({ offset, list, owner: personOf(principal) }, [], new Date(Date.now() + lifeMs));
  }

  /** Where to go on in the list: at its beginning without a cursor. */
  read(cursor: unknown, list: string, principal: Principal): number | UnknownCursor {
    if (cursor === undefined) return 0;
    const content = typeof cursor === 'string' ? this.#handles.read(cursor, [], new Date()) : undefined;
    if (content && content.owner !== personOf(principal)) return 'foreign_cursor';
    return content?.list === list ? content.offset : 'invalid_cursor';
  }
}

export function unknownCursor(call: McpCall, context: RequestContext, why: UnknownCursor): BytesAnswer {
  if (why === 'foreign_cursor') context.blockReason = why;
  else context.failed = why;
  const text = 'params.cursor is not a cursor of this list, or no longer';
  return rpcError(call.id, 200, RPC_CODES.invalidParams, text);
}
