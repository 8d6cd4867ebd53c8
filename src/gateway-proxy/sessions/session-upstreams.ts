import { Egress } from '#libs/egress';
import {
  Budget,
  fingerprintOf,
  type Handshake,
  isJsonObject,
  LegacySession,
  UpstreamError,
  type UpstreamTarget,
} from '#libs/mcp';
import { Sealer } from '#libs/sealing';
import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { randomUUID } from 'node:crypto';
import { GATE_IDENTITY } from '../../config/gate-identity.js';
import { CatalogReader } from '../../registry/catalog/catalog.js';
import { VaultSettings } from '../../vault/vault.settings.js';
import { GateSettings } from '../gate.settings.js';
import type { McpSession, McpSessionState } from './mcp-session.js';
import { McpSessions } from './mcp-sessions.js';

const HANDSHAKE_BYTES = 1024 * 1024;
const SESSIONS = 10_000;
/** Upstream sessions of one client's session. */
const MOST_UPSTREAMS = 64;
/** How long an upstream is known to keep no sessions, milliseconds. */
const STATELESS_MS = 300_000;
const NAME_LENGTH = 16;

/** What every replica has to know of an upstream session that one of them opened. */
interface Kept {
  readonly gatewayId: string;
  readonly id: string;
  readonly revision: Handshake['revision'];
  readonly logging: boolean;
}

/** A client's session and an upstream's, one for one. */
export interface SessionUpstream {
  /** By which the client's session knows it. */
  readonly name: string;
  readonly session: LegacySession;
  /** It wants to be told the level of log messages. */
  readonly logging: boolean;
  /** What the store holds. */
  readonly sealed: string;
}

/**
 * The upstream sessions of clients' sessions: opened at the first call with the client's own capabilities, shared by all
 * replicas, ended with the client's. An upstream that keeps no sessions has none here.
 */
@Injectable()
export class SessionUpstreams {
  readonly #log = new Logger(SessionUpstreams.name);
  readonly #sealer: Sealer;
  readonly #opened = new LRUCache<string, SessionUpstream>({ max: SESSIONS });
  readonly #stateless = new LRUCache<string, true>({ max: SESSIONS, ttl: STATELESS_MS });
  readonly #opening = new Map<string, Promise<SessionUpstream | undefined>>();

  constructor(
    private readonly sessions: McpSessions,
    private readonly egress: Egress,
    private readonly catalog: CatalogReader,
    private readonly settings: GateSettings,
    vault: VaultSettings,
  ) {
    this.#sealer = new Sealer(vault.keyRing('mcp-upstream-sessions'));
    sessions.onEnded((sessionId, state) => void this.#endAll(sessionId, state));
  }

  /**
   * Undefined for an upstream that keeps no sessions.
   * @throws UpstreamError of the opening
   */
  async acquire(session: McpSession, target: UpstreamTarget): Promise<SessionUpstream | undefined> {
    const name = fingerprintOf(target).slice(0, NAME_LENGTH);
    if (this.#stateless.has(name)) return undefined;
    const state = await this.sessions.state(session);
    const sealed = state?.upstreams.get(name);
    if (sealed !== undefined) return this.#known(session, name, sealed, target);
    if (state && state.upstreams.size >= MOST_UPSTREAMS) {
      throw new UpstreamError('refused', `is one of more than ${MOST_UPSTREAMS} that this session calls`);
    }
    const key = `${session.id} ${name}`;
    const opening = this.#opening.get(key) ?? this.#open(session, name, target, state);
    this.#opening.set(key, opening);
    try {
      return await opening;
    } finally {
      this.#opening.delete(key);
    }
  }

  /** All that the client's session has with upstreams that are still registered. */
  async all(session: McpSession): Promise<readonly SessionUpstream[]> {
    const state = await this.sessions.state(session);
    return [...(state?.upstreams ?? [])].flatMap(([name, sealed]) => {
      const target = this.#targetOf(this.#unsealed(session.id, sealed));
      // Not kept: the headers that a call passes on are not known here.
      return target ? [this.#opened.get(sealed) ?? this.#made(session, name, sealed, target)] : [];
    });
  }

  /** The upstream has forgotten it, so the next call opens another. */
  async lost(session: McpSession, { name, sealed }: SessionUpstream): Promise<void> {
    await this.sessions.change(session, (store) => store.dropUpstream(session.id, name, sealed));
  }

  async #open(
    session: McpSession,
    name: string,
    target: UpstreamTarget,
    state: McpSessionState | undefined,
  ): Promise<SessionUpstream | undefined> {
    const budget = new Budget({ timeoutMs: this.settings.toolTimeoutSeconds * 1000, maxBytes: HANDSHAKE_BYTES });
    const opened = await LegacySession.open(this.egress, target, GATE_IDENTITY, budget, session.capabilities);
    const { id, revision, capabilities } = opened.handshake;
    if (id === undefined) {
      this.#stateless.set(name, true);
      return undefined;
    }
    const content: Kept = { gatewayId: target.id, id, revision, logging: isJsonObject(capabilities['logging']) };
    const ours = this.#sealer.seal(JSON.stringify(content), [session.id]);
    const kept = await this.sessions.change(session, (store) => store.keepUpstream(session.id, name, ours));
    if (kept !== ours) {
      // Another replica was first.
      void opened.close();
      return this.#known(session, name, kept, target);
    }
    const upstream = { name, session: opened, logging: content.logging, sealed: ours };
    this.#opened.set(ours, upstream);
    if (state?.logLevel !== undefined) await this.setLevel(upstream, state.logLevel);
    return upstream;
  }

  /** Tells the upstream which log messages the client wants, if it has any. */
  async setLevel(upstream: SessionUpstream, level: string): Promise<void> {
    if (!upstream.logging) return;
    const request = { jsonrpc: '2.0', id: `level-${randomUUID()}`, method: 'logging/setLevel', params: { level } };
    await upstream.session.tell(JSON.stringify(request));
  }

  #known(session: McpSession, name: string, sealed: string, target: UpstreamTarget): SessionUpstream {
    const known = this.#opened.get(sealed);
    if (known) return known;
    const upstream = this.#made(session, name, sealed, target);
    this.#opened.set(sealed, upstream);
    return upstream;
  }

  #made(session: McpSession, name: string, sealed: string, target: UpstreamTarget): SessionUpstream {
    const kept = this.#unsealed(session.id, sealed);
    return { name, session: this.#sessionOf(kept, target), logging: kept.logging, sealed };
  }

  #unsealed(sessionId: string, sealed: string): Kept {
    return JSON.parse(this.#sealer.open(sealed, [sessionId]).toString('utf8')) as Kept;
  }

  #sessionOf({ id, revision }: Kept, target: UpstreamTarget): LegacySession {
    const handshake = { id, revision, capabilities: {}, serverInfo: undefined, instructions: undefined };
    return new LegacySession(this.egress, target, handshake);
  }

  #targetOf({ gatewayId }: Kept): UpstreamTarget | undefined {
    return this.catalog.current.gateways.get(gatewayId)?.target;
  }

  async #endAll(sessionId: string, { upstreams }: McpSessionState): Promise<void> {
    for (const sealed of upstreams.values()) {
      this.#opened.delete(sealed);
      try {
        const kept = this.#unsealed(sessionId, sealed);
        const target = this.#targetOf(kept);
        if (target) await this.#sessionOf(kept, target).close();
      } catch (error) {
        this.#log.warn({ message: 'an upstream session cannot be ended', error });
      }
    }
  }
}
