import { SealedHandles } from '#libs/sealing';
import { Injectable } from '@nestjs/common';
import { VaultSettings } from '../../vault/vault.settings.js';

/** What the id of a task carries. */
export interface TaskContent {
  /** Whose it is. */
  readonly owner: string;
  /** Of the virtual server; left out for `/mcp`. */
  readonly serverId?: string | undefined;
  /** The MCP session in which it was made (2025-11-25); of 2026-07-28 there is none. */
  readonly sessionId?: string | undefined;
  readonly gatewayId: string;
  /** The tool that made it: who may not call that may not ask for what it came to. */
  readonly toolId: string;
  /** The id by which the upstream knows it. */
  readonly taskId: string;
}

/** Ids of tasks, sealed: any replica reads them, nobody makes them up. */
@Injectable()
export class TaskHandles extends SealedHandles<TaskContent> {
  constructor(settings: VaultSettings) {
    super(settings.keyRing('mcp-tasks'));
  }
}
