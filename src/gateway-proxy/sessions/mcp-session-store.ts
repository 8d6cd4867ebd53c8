import { StoreUnavailableError } from '../store-unavailable.js';
import type { LogLevel } from '#libs/mcp';
import type { McpSessionState, Opening } from './mcp-session.js';

/** Thrown where the store can't be reached: whether a session goes on is not known then. */
export class McpSessionStoreUnavailableError extends StoreUnavailableError {
  constructor(cause: unknown) {
    super('the store of MCP sessions cannot be reached', { cause });
    this.name = 'McpSessionStoreUnavailableError';
  }
}

/**
 * What MCP sessions have come to, shared by all replicas. A session of which nothing is held has no entry at all: its id
 * says whose it is. Everything is let go after `lifeMs`, the longest that a session lasts.
 */
export abstract class McpSessionStore {
  /** `ended` for a session that was ended here. */
  abstract read(id: string): Promise<McpSessionState | 'ended'>;
  /** False when it was settled before. */
  abstract settle(id: string, opening: Opening): Promise<boolean>;
  abstract setLogLevel(id: string, level: LogLevel): Promise<void>;
  /** False when the session has as many subscriptions as it may. Once is as good as twice. */
  abstract subscribe(id: string, uri: string, most: number): Promise<boolean>;
  abstract unsubscribe(id: string, uri: string): Promise<void>;
  /** Keeps the handshake unless another replica was first; returns the one that counts. */
  abstract keepUpstream(id: string, upstream: string, handshake: string): Promise<string>;
  /** Forgets the handshake if it is still this one. */
  abstract dropUpstream(id: string, upstream: string, handshake: string): Promise<void>;
  /** Keeps the id of a task; false when the session has as many as it may. The first id of a task stays. */
  abstract keepTask(id: string, task: string, handle: string, most: number): Promise<boolean>;
  /** Returns what was held; nothing when it had ended. */
  abstract end(id: string): Promise<McpSessionState>;
  /** The session is in use. Harmless for one of which nothing is held. */
  abstract touch(id: string): Promise<void>;
  /** Sessions unused for so long, milliseconds; each is named to one caller only. At most 100 at a time. */
  abstract takeIdle(idleMs: number): Promise<readonly string[]>;
}
