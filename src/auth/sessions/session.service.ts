import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { ChangeBus } from '../../changes/change-bus.js';
import { newId } from '../../database/new-id.js';
import { GatewayError } from '../../http/errors.js';
import { normaliseId } from '../../http/normalise-id.js';
import type { ClientInfo } from '../../http/request-context.js';
import type { TokenClaims } from '../jwt/token-claims.js';
import type { User } from '../accounts/user.entity.js';
import { SessionActivity } from './session-activity.js';
import { type IssuedSession, SessionIssuer } from './session-issuer.js';
import { SessionRepository } from './session.repository.js';
import { SessionSettings } from './session.settings.js';
import type { UserSession } from './user-session.entity.js';

/** Sign-ins and what becomes of them. */
@Injectable()
export class SessionService {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly activity: SessionActivity,
    private readonly issuer: SessionIssuer,
    private readonly bus: ChangeBus,
    private readonly settings: SessionSettings,
  ) {}

  /**
   * Starts a session for somebody whose credentials hold.
   * @throws GatewayError 401 when the account is no longer what it was when they were checked
   */
  async start(user: Pick<User, 'id' | 'authProvider' | 'passwordHash'>, client: ClientInfo): Promise<IssuedSession> {
    const startedAt = new Date();
    const session: UserSession = {
      id: newId(),
      userId: user.id,
      currentJti: randomUUID(),
      authProvider: user.authProvider,
      startedAt,
      lastUsedAt: startedAt,
      expiresAt: new Date(startedAt.getTime() + this.settings.lifetimeMinutes * 60_000),
      endedAt: null,
      endReason: null,
      ipAddress: client.address.slice(0, 64),
      userAgent: client.agent.slice(0, 255),
    };
    if (!(await this.sessions.insert(session, user))) throw new GatewayError('invalid_credentials');
    return this.issuer.issue(session, session.currentJti);
  }

  /** Those of a user that are still running, as far as the database knows, newest first. */
  running(userId: string): Promise<UserSession[]> {
    return this.sessions.running(userId, new Date(), this.activity.idleSince);
  }

  /**
   * Ends a session: every token of it is dead on this replica when this resolves.
   * @returns false when there is none, or it had ended before
   */
  async end(which: { id: string; userId?: string }, reason: string): Promise<boolean> {
    const ended = await this.sessions.end(which, reason);
    if (ended) this.bus.publish({ kind: 'session_ended', sessionId: which.id });
    return ended;
  }

  /** Ends every session of a user, on every replica; all but one where `but` names one. Returns how many. */
  async endAll(userId: string, reason: string, but?: string): Promise<number> {
    return this.#announce(await this.sessions.endAll(userId, reason, but));
  }

  /** Ends these, on every replica. Returns how many of them had not ended. */
  async endThese(ids: readonly string[], reason: string): Promise<number> {
    return this.#announce(await this.sessions.endThese(ids, reason));
  }

  /**
   * Whether the session of a verified session token still runs, which counts as a use of it; a token without `sid`
   * belongs to none.
   * @throws GatewayError 401 when it has ended, was idle too long or is over its absolute limit
   */
  async assertLive({ sid, sub }: TokenClaims): Promise<void> {
    if (sid === undefined) return;
    const session = await this.sessions.byId(sid);
    // One that was deleted was over long before.
    if (!session || session.endedAt) throw new GatewayError('session_ended');
    if (session.userId !== normaliseId(sub)) throw new GatewayError('invalid_token');
    if (session.expiresAt.getTime() <= Date.now()) throw new GatewayError('session_over');
    if (!this.activity.resume(sid, session.lastUsedAt)) throw new GatewayError('session_idle');
  }

  /** The same for a session that was live a moment ago, without the database; false means: ask again. */
  stillActive(sessionId: string): boolean {
    return this.activity.touch(sessionId);
  }

  #announce(ended: readonly string[]): number {
    for (const sessionId of ended) this.bus.publish({ kind: 'session_ended', sessionId });
    return ended.length;
  }
}
