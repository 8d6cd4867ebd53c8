import { SealedHandles } from '#libs/sealing';
import { Injectable } from '@nestjs/common';
import { VaultSettings } from '../../vault/vault.settings.js';
import type { McpSession } from './mcp-session.js';

/** What a session id carries. */
export interface HandleContent extends McpSession {
  readonly owner: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

/** Session ids, sealed: any replica reads them, nobody makes them up. */
@Injectable()
export class McpSessionHandles extends SealedHandles<HandleContent> {
  constructor(settings: VaultSettings) {
    super(settings.keyRing('mcp-sessions'));
  }
}
