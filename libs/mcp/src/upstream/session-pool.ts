import type { JsonObject } from '../json-rpc.js';
import type { LegacySession } from './legacy-session.js';
import { PooledSession, type SessionLease } from './pooled-session.js';
import { fingerprintOf, passedOnOf } from './target-fingerprint.js';
import { UpstreamError } from './upstream-error.js';
import type { UpstreamTarget } from './upstream-target.js';

export interface SessionPoolOptions {
  /** Sessions held at one upstream, at least 1. */
  readonly maxPerUpstream: number;
  /** Milliseconds without a user after which a session is closed; it may take half as long again. */
  readonly idleMs: number;
  /** Shakes hands; has to end in bounded time. */
  readonly open: (target: UpstreamTarget, capabilities: JsonObject) => Promise<LegacySession>;
}

/** The sessions of one upstream by key, least recently acquired first. */
type Sessions = Map<string, PooledSession>;

/**
 * Sessions with legacy upstreams: opened when first needed, once for all who wait, and kept for the same key. Sessions of
 * different keys never meet, but for upstreams that keep none: their handshake is shared by everyone with the credential.
 */
export class SessionPool {
  readonly #upstreams = new Map<string, Sessions>();
  readonly #sweeper: NodeJS.Timeout;
  #closed = false;

  constructor(private readonly options: SessionPoolOptions) {
    this.#sweeper = setInterval(() => this.#sweep(), options.idleMs / 2);
    this.#sweeper.unref();
  }

  /**
   * @param key whose session it is, for example the principal
   * @param capabilities that are declared for the client; with others the session is another one
   * @throws UpstreamError of the opening, or `refused` when all sessions of the upstream are in use or the pool is closed
   */
  async acquire(key: string, target: UpstreamTarget, capabilities: JsonObject = {}): Promise<SessionLease> {
    this.#refuseClosed();
    const lease = await this.#find(key, target, capabilities).lease();
    this.#refuseClosed();
    return lease;
  }

  /** Forgets a session that its upstream answered 404 for. Harmless when somebody else has replaced it already. */
  invalidate(session: LegacySession): void {
    const sessions: Sessions = this.#upstreams.get(session.target.id) ?? new Map();
    for (const [key, pooled] of sessions) if (pooled.opened === session) sessions.delete(key);
  }

  /** Ends every session, those in use and those being opened included. The pool is of no use afterwards. */
  async closeAll(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweeper);
    const all = [...this.#upstreams.values()].flatMap((sessions) => [...sessions.values()]);
    this.#upstreams.clear();
    await Promise.allSettled(all.map(async ({ opening }) => (await opening).close()));
  }

  #find(key: string, target: UpstreamTarget, capabilities: JsonObject): PooledSession {
    const sessions: Sessions = this.#upstreams.get(target.id) ?? new Map();
    this.#upstreams.set(target.id, sessions);
    const shared = `shared ${fingerprintOf(target)}`;
    const own = `own ${target.url.href} ${target.tls?.id ?? ''} ${target.identity?.key ?? ''} ${passedOnOf(target)} ${JSON.stringify(capabilities)} ${key}`;
    const found = sessions.has(shared) ? shared : own;
    const pooled = sessions.get(found) ?? this.#open(target, capabilities, sessions, own, shared);
    if (sessions.delete(found)) sessions.set(found, pooled);
    return pooled;
  }

  #open(
    target: UpstreamTarget,
    capabilities: JsonObject,
    sessions: Sessions,
    own: string,
    shared: string,
  ): PooledSession {
    this.#makeRoom(sessions);
    const pooled = new PooledSession(this.options.open(target, capabilities));
    sessions.set(own, pooled);
    const settle = (session?: LegacySession): void => {
      if (session?.id !== undefined || sessions.get(own) !== pooled) return;
      sessions.delete(own);
      if (session) sessions.set(shared, pooled);
    };
    pooled.opening.then(settle, () => settle());
    return pooled;
  }

  #makeRoom(sessions: Sessions): void {
    if (sessions.size < this.options.maxPerUpstream) return;
    for (const [key, pooled] of sessions) if (pooled.isIdle(0)) return close(sessions, key, pooled);
    throw new UpstreamError('refused', `has all of its ${this.options.maxPerUpstream} sessions in use`);
  }

  #sweep(): void {
    for (const [id, sessions] of this.#upstreams) {
      for (const [key, pooled] of sessions) if (pooled.isIdle(this.options.idleMs)) close(sessions, key, pooled);
      if (sessions.size === 0) this.#upstreams.delete(id);
    }
  }

  #refuseClosed(): void {
    if (this.#closed) throw new UpstreamError('refused', 'is not called any more: Portcullis is shutting down');
  }
}

function close(sessions: Sessions, key: string, pooled: PooledSession): void {
  sessions.delete(key);
  // Never rejects: closing is best effort, and only an opened session is ever idle.
  void pooled.opened?.close();
}
