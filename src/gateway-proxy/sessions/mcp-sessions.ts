import { type McpCall, relayedCapabilities } from '#libs/mcp';
import type { Principal } from '#libs/policy';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { randomBytes } from 'node:crypto';
import { personOf } from '../../auth/principals/person-of.js';
import { ChangeBus } from '../../changes/change-bus.js';
import { GatewayError } from '../../http/errors.js';
import { reaching } from '../store-unavailable.js';
import type { McpSession, McpSessionState, Opening } from './mcp-session.js';
import { type HandleContent, McpSessionHandles } from './mcp-session-handles.js';
import { McpSessionSettings } from './mcp-session.settings.js';
import { McpSessionStore } from './mcp-session-store.js';

const AWAY = 'MCP sessions cannot be looked up at the moment';
const HOUR_MS = 3_600_000;
const ID_BYTES = 16;
const HANDLES = 10_000;
const STATES = 10_000;
/** What another replica changed is heard on the bus; this is for the day when it is not. */
const STATE_LIFE_MS = 30_000;
const TOUCH_MS = 30_000;
const SWEEP_MS = 30_000;

/** What a client may be taken to speak before it says so: it can be asked nothing. */
const UNSETTLED: Opening = { revision: '2024-11-05', capabilities: {} };

/** A session over HTTP+SSE. */
export type SseSession = HandleContent & { readonly sse: true };

export const isSseSession = (session: McpSession): session is SseSession => session.sse === true;

/** Why a session id is not taken. */
export type UnknownSession = 'unknown_session' | 'foreign_session';

/** Told of each session that ends here, with what was held for it. Must not throw. */
export type SessionEnded = (sessionId: string, state: McpSessionState) => void;

/** The sessions of clients that open one: given, recognised, remembered and ended. */
@Injectable()
export class McpSessions implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log = new Logger(McpSessions.name);
  readonly #handles = new LRUCache<string, HandleContent>({ max: HANDLES });
  readonly #states = new LRUCache<string, Promise<McpSessionState | 'ended'>>({ max: STATES, ttl: STATE_LIFE_MS });
  readonly #touched = new LRUCache<string, true>({ max: STATES, ttl: TOUCH_MS });
  readonly #listeners: SessionEnded[] = [];
  #sweeper: NodeJS.Timeout | undefined;

  constructor(
    private readonly handles: McpSessionHandles,
    private readonly store: McpSessionStore,
    private readonly bus: ChangeBus,
    private readonly settings: McpSessionSettings,
  ) {
    bus.subscribe((change) => {
      if (change.kind === 'anything_changed') this.#states.clear();
      else if (change.kind === 'mcp_session_changed') this.#states.delete(change.mcpSessionId);
    });
  }

  onApplicationBootstrap(): void {
    this.#sweeper = setInterval(() => void this.#sweep(), SWEEP_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#sweeper);
  }

  /** The id of a new session, for the client that sent `initialize`. */
  open(call: McpCall, principal: Principal, serverId: string | undefined): string {
    return this.#mint({ ...this.#begun(principal, serverId), ...openingOf(call) });
  }

  /** The session of a stream over HTTP+SSE, and its id. What its client can do is settled later. */
  openSse(principal: Principal, serverId: string | undefined): { readonly session: SseSession; readonly id: string } {
    const session = { ...this.#begun(principal, serverId), ...UNSETTLED, sse: true } as const;
    return { session, id: this.#mint(session) };
  }

  /** `initialize` over HTTP+SSE; false for a second one. */
  settle(session: McpSession, call: McpCall): Promise<boolean> {
    return this.change(session, (store) => store.settle(session.id, openingOf(call)));
  }

  /**
   * The session, for him whose it is alone. While the store can't be reached, one that its owner has ended goes on: who
   * calls is known all the same, and what he may do.
   */
  async find(handle: string, principal: Principal, serverId: string | undefined): Promise<McpSession | UnknownSession> {
    const content = this.#read(handle);
    if (!content) return 'unknown_session';
    if (!isFor(content, principal, serverId) || content.sse) return 'foreign_session';
    if (await this.#hasEnded(content.id)) return 'unknown_session';
    this.#touch(content.id);
    return content;
  }

  /** The same for a session over HTTP+SSE, which is nothing without what is held for it. */
  async findSse(
    handle: string,
    principal: Principal,
    serverId: string | undefined,
  ): Promise<McpSession | UnknownSession> {
    const content = this.#read(handle);
    if (!content) return 'unknown_session';
    if (!isFor(content, principal, serverId) || !content.sse) return 'foreign_session';
    const state = await this.state(content);
    if (!state) return 'unknown_session';
    this.#touch(content.id);
    return { ...content, ...state.opening };
  }

  async #hasEnded(id: string): Promise<boolean> {
    try {
      return (await this.#known(id)) === 'ended';
    } catch (error) {
      if (error instanceof GatewayError && error.reason === 'session_store') return false;
      throw error;
    }
  }

  /**
   * What the session has come to; undefined when it has ended.
   * @throws GatewayError `overloaded` when that can't be known
   */
  async state({ id }: Pick<McpSession, 'id'>): Promise<McpSessionState | undefined> {
    const state = await this.#known(id);
    return state === 'ended' ? undefined : state;
  }

  /** Changes what is held, here and on every replica. */
  async change<T>({ id }: McpSession, change: (store: McpSessionStore) => Promise<T>): Promise<T> {
    const changed = await reaching(change(this.store), AWAY);
    this.bus.publish({ kind: 'mcp_session_changed', mcpSessionId: id });
    return changed;
  }

  async end(id: string): Promise<void> {
    const state = await reaching(this.store.end(id), AWAY);
    this.bus.publish({ kind: 'mcp_session_changed', mcpSessionId: id });
    for (const listener of this.#listeners) listener(id, state);
  }

  /** Keeps a session alive that has a stream and sends no requests. */
  keepAlive({ id }: McpSession): void {
    this.#touch(id);
  }

  onEnded(listener: SessionEnded): void {
    this.#listeners.push(listener);
  }

  #begun(principal: Principal, serverId: string | undefined): Omit<HandleContent, keyof Opening> {
    const until = Date.now() + this.settings.maxHours * HOUR_MS;
    return { id: randomBytes(ID_BYTES).toString('base64url'), serverId, owner: personOf(principal), until };
  }

  #mint(content: HandleContent): string {
    return this.handles.mint(content, [], new Date(content.until));
  }

  #read(handle: string): HandleContent | undefined {
    const known = this.#handles.get(handle);
    if (known) return known.until > Date.now() ? known : undefined;
    const content = this.handles.read(handle, [], new Date());
    if (content) this.#handles.set(handle, content);
    return content;
  }

  #known(id: string): Promise<McpSessionState | 'ended'> {
    const known = this.#states.get(id);
    if (known) return known;
    const reading = reaching(this.store.read(id), AWAY);
    this.#states.set(id, reading);
    reading.catch(() => this.#states.delete(id));
    return reading;
  }

  #touch(id: string): void {
    if (this.#touched.has(id)) return;
    this.#touched.set(id, true);
    this.store.touch(id).catch(() => this.#touched.delete(id));
  }

  async #sweep(): Promise<void> {
    try {
      const idle = await this.store.takeIdle(this.settings.idleSeconds * 1000);
      await Promise.all(idle.map((id) => this.end(id)));
    } catch (error) {
      this.#log.warn({ message: 'idle MCP sessions cannot be ended now', error });
    }
  }
}

const openingOf = ({ revision, params }: McpCall): Opening => ({
  revision,
  capabilities: relayedCapabilities(params?.['capabilities']),
});

const isFor = (content: HandleContent, principal: Principal, serverId: string | undefined): boolean =>
  content.owner === personOf(principal) && content.serverId === serverId;
