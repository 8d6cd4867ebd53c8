import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { GatewayError } from '../../http/errors.js';
import { normaliseId } from '../../http/normalise-id.js';
import type { ClientInfo } from '../../http/request-context.js';
import { AuthEvents } from '../events/auth-events.js';
import { TokenRevocations } from '../jwt/token-revocations.js';
import { SessionService } from './session.service.js';

/** People ending their own sessions: this one, another one, all others. */
@Injectable()
export class SessionEnd {
  constructor(
    private readonly sessions: SessionService,
    private readonly revocations: TokenRevocations,
    private readonly events: AuthEvents,
  ) {}

  /**
   * Ends the caller's session and revokes his token.
   * @returns its `jti`
   * @throws GatewayError 403 for an API token, 400 for a credential that can't be revoked
   */
  async logout(caller: Principal, client: ClientInfo): Promise<string> {
    const { kind, subject, sessionId, tokenId, expiresAt } = caller;
    if (kind === 'api_token')
      throw new GatewayError('session_required', 'An API token has no session to log out of; revoke the token');
    if (tokenId === null) throw new GatewayError('bad_request', 'The credential has no jti, so it can’t be revoked');
    // First what kills every token of the session: should the second write fail, this one is dead all the same.
    if (sessionId !== undefined) await this.sessions.end({ id: sessionId }, 'logout');
    const tokenExpiry = Number.isFinite(expiresAt) ? new Date(expiresAt) : null;
    await this.revocations.revoke({ jti: tokenId, revokedBy: subject, reason: 'logout', tokenExpiry });
    await this.#record(caller, client);
    return tokenId;
  }

  /** @throws GatewayError 404 unless it is one of the caller's that has not ended */
  async one(caller: Principal, id: string, client: ClientInfo): Promise<void> {
    const own = { id: normaliseId(id), userId: ownerOf(caller) };
    if (!(await this.sessions.end(own, 'logout'))) throw new GatewayError('not_found', 'Session not found');
    await this.#record(caller, client, { session_id: own.id });
  }

  /** All of the caller's but the one that asks; returns how many. */
  async others(caller: Principal, client: ClientInfo): Promise<number> {
    const ended = await this.sessions.endAll(ownerOf(caller), 'logout_elsewhere', caller.sessionId);
    await this.#record(caller, client, { sessions: ended });
    return ended;
  }

  #record({ subject: email }: Principal, client: ClientInfo, details?: Record<string, unknown>): Promise<void> {
    return this.events.record({ email, type: 'logout', success: true, client, ...(details && { details }) });
  }
}

/** Sessions are managed by people, so that no token can shut its owner out. */
export function ownerOf({ kind, userId }: Principal): string {
  if (kind !== 'session') throw new GatewayError('session_required', 'Sessions are managed from a session');
  if (userId === null)
    throw new GatewayError('access_denied', 'The caller has no account in the database', 'no_account');
  return userId;
}
