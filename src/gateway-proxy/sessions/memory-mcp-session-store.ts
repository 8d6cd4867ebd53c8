import type { LogLevel } from '#libs/mcp';
import { LRUCache } from 'lru-cache';
import { type McpSessionState, NO_STATE, type Opening } from './mcp-session.js';
import { McpSessionStore } from './mcp-session-store.js';

/** About 100 MB when each holds what one may. */
const MOST = 50_000;
const MOST_IDLE = 100;

interface Held {
  state: McpSessionState | 'ended';
  usedAt: number;
}

/** For one process. */
export class MemoryMcpSessionStore extends McpSessionStore {
  readonly #held: LRUCache<string, Held>;

  constructor(lifeMs: number) {
    super();
    this.#held = new LRUCache({ max: MOST, ttl: lifeMs });
  }

  async read(id: string): Promise<McpSessionState | 'ended'> {
    return this.#held.get(id)?.state ?? NO_STATE;
  }

  async settle(id: string, opening: Opening): Promise<boolean> {
    if (this.#stateOf(id).opening) return false;
    this.#change(id, (state) => ({ ...state, opening }));
    return true;
  }

  async setLogLevel(id: string, logLevel: LogLevel): Promise<void> {
    this.#change(id, (state) => ({ ...state, logLevel }));
  }

  async subscribe(id: string, uri: string, most: number): Promise<boolean> {
    const { subscriptions } = this.#stateOf(id);
    if (subscriptions.includes(uri)) return true;
    if (subscriptions.length >= most) return false;
    this.#change(id, (state) => ({ ...state, subscriptions: [...state.subscriptions, uri] }));
    return true;
  }

  async unsubscribe(id: string, uri: string): Promise<void> {
    if (!this.#stateOf(id).subscriptions.includes(uri)) return;
    this.#change(id, (state) => ({ ...state, subscriptions: state.subscriptions.filter((other) => other !== uri) }));
  }

  async keepUpstream(id: string, upstream: string, handshake: string): Promise<string> {
    const kept = this.#stateOf(id).upstreams.get(upstream);
    if (kept !== undefined) return kept;
    this.#change(id, (state) => ({ ...state, upstreams: new Map(state.upstreams).set(upstream, handshake) }));
    return handshake;
  }

  async dropUpstream(id: string, upstream: string, handshake: string): Promise<void> {
    if (this.#stateOf(id).upstreams.get(upstream) !== handshake) return;
    this.#change(id, (state) => {
      const upstreams = new Map(state.upstreams);
      upstreams.delete(upstream);
      return { ...state, upstreams };
    });
  }

  async keepTask(id: string, task: string, handle: string, most: number): Promise<boolean> {
    const { tasks } = this.#stateOf(id);
    if (tasks.has(task)) return true;
    if (tasks.size >= most) return false;
    this.#change(id, (state) => ({ ...state, tasks: new Map(state.tasks).set(task, handle) }));
    return true;
  }

  async end(id: string): Promise<McpSessionState> {
    const state = this.#stateOf(id);
    this.#held.set(id, { state: 'ended', usedAt: Infinity });
    return state;
  }

  async touch(id: string): Promise<void> {
    const held = this.#held.get(id);
    if (held && held.state !== 'ended') held.usedAt = performance.now();
  }

  async takeIdle(idleMs: number): Promise<readonly string[]> {
    const before = performance.now() - idleMs;
    const idle: string[] = [];
    for (const [id, held] of this.#held.entries()) {
      if (idle.length === MOST_IDLE) break;
      if (held.usedAt > before) continue;
      held.usedAt = Infinity;
      idle.push(id);
    }
    return idle;
  }

  #stateOf(id: string): McpSessionState {
    const state = this.#held.get(id)?.state ?? NO_STATE;
    return state === 'ended' ? NO_STATE : state;
  }

  /** What has ended stays so. */
  #change(id: string, change: (state: McpSessionState) => McpSessionState): void {
    if (this.#held.get(id)?.state === 'ended') return;
    this.#held.set(id, { state: change(this.#stateOf(id)), usedAt: performance.now() });
  }
}
