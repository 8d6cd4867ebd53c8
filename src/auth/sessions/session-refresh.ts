import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { Principal } from '#libs/policy';
import { ChangeBus } from '../../changes/change-bus.js';
import { GatewayError } from '../../http/errors.js';
import type { ClientInfo } from '../../http/request-context.js';
import { Counters, CountersUnavailableError } from '../../limits/counters.js';
import { AuthEvents } from '../events/auth-events.js';
import { TokenRevocations } from '../jwt/token-revocations.js';
import { type IssuedSession, SessionIssuer } from './session-issuer.js';
import { SessionRepository } from './session.repository.js';
import { SessionService } from './session.service.js';
import { SessionSettings } from './session.settings.js';

/**
 * How long after an exchange the same token may come again without ending its session, milliseconds: two tabs, a double
 * click or a lost answer are no theft. Nothing is won by it: whoever comes second gets 401 all the same.
 */
const LEEWAY_MS = 10_000;
const MINUTE_MS = 60_000;

/** Exchanges session tokens for new ones: each of them once. */
@Injectable()
export class SessionRefresh {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly service: SessionService,
    private readonly issuer: SessionIssuer,
    private readonly revocations: TokenRevocations,
    private readonly events: AuthEvents,
    private readonly counters: Counters,
    private readonly bus: ChangeBus,
    private readonly settings: SessionSettings,
  ) {}

  /**
   * Revokes the caller's token and makes the next one of the session.
   * @throws GatewayError 401, 403, 429; 503 when nobody can count
   */
  async refresh(caller: Principal, client: ClientInfo): Promise<IssuedSession> {
    const { kind, sessionId, tokenId: jti, subject } = caller;
    if (kind !== 'session' || sessionId === undefined || jti === null)
      throw new GatewayError('session_required', 'Only a session of this gateway can be refreshed');
    await this.#count(sessionId);
    const session = await this.sessions.byId(sessionId);
    if (!session || session.endedAt) throw new GatewayError('session_ended');
    if (session.expiresAt.getTime() <= Date.now()) throw new GatewayError('session_over');
    const next = await this.issuer.issue(session, randomUUID());
    const spent = { sessionId, jti, subject, expiresAt: new Date(caller.expiresAt) };
    if (!(await this.sessions.rotate(spent, next.jti, new Date()))) {
      await this.replayed({ sessionId, jti }, client);
      throw new GatewayError('token_revoked');
    }
    this.bus.publish({ kind: 'token_revoked', jti });
    return next;
  }

  /**
   * Somebody wants to exchange a token that was exchanged already: one of two holds a stolen token, and nobody can tell
   * which, so the session ends for both.
   */
  async replayed({ sessionId, jti }: { sessionId: string; jti: string }, client: ClientInfo): Promise<void> {
    const exchanged = await this.revocations.byJti(jti);
    if (exchanged?.reason !== 'token_refresh' || Date.now() - exchanged.revokedAt.getTime() < LEEWAY_MS) return;
    if (!(await this.service.end({ id: sessionId }, 'token_reuse'))) return;
    await this.events.record({
      email: exchanged.revokedBy,
      type: 'token_refresh',
      success: false,
      client,
      failureReason: 'token_reuse',
      details: { session_id: sessionId },
    });
  }

  async #count(sessionId: string): Promise<void> {
    const { refreshesPerMinute } = this.settings;
    const taken = await this.counters
      .take(`session_refresh:${sessionId}`, refreshesPerMinute, MINUTE_MS)
      .catch((error: unknown) => {
        if (error instanceof CountersUnavailableError) throw new GatewayError('overloaded', undefined, 'no_counters');
        throw error;
      });
    if (taken.allowed) return;
    const seconds = Math.max(1, Math.ceil(taken.resetMs / 1000));
    throw new GatewayError('too_many_requests', undefined, 'session_refresh_rate', seconds);
  }
}
