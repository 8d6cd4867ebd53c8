import { Injectable } from '@nestjs/common';
import { AuthSettings } from '../auth.settings.js';
import { TokenIssuer } from '../jwt/token-issuer.js';
import type { UserSession } from './user-session.entity.js';

/** A session token, with what belongs to it but not into an answer. */
export interface IssuedSession {
  readonly token: string;
  readonly expiresInSeconds: number;
  readonly sessionId: string;
  readonly userId: string;
  readonly jti: string;
  readonly expiresAt: Date;
}

/** Makes the tokens of a session. */
@Injectable()
export class SessionIssuer {
  constructor(
    private readonly issuer: TokenIssuer,
    private readonly settings: AuthSettings,
  ) {}

  /** A token that lives for TOKEN_EXPIRY, but not beyond the end of its session. */
  async issue(session: UserSession, jti: string): Promise<IssuedSession> {
    const { id: sid, userId, authProvider, startedAt, expiresAt: end } = session;
    // As `exp` is: whole seconds.
    const now = Math.floor(Date.now() / 1000) * 1000;
    const left = Math.max(1, Math.floor((end.getTime() - now) / 1000));
    const expiresInSeconds = Math.min(this.settings.tokenExpiryMinutes * 60, left);
    const claims = {
      sid,
      token_use: 'session',
      auth_provider: authProvider,
      session_start: Math.floor(startedAt.getTime() / 1000),
    };
    const token = await this.issuer.sign(userId, jti, claims, expiresInSeconds);
    return { token, expiresInSeconds, sessionId: sid, userId, jti, expiresAt: new Date(now + expiresInSeconds * 1000) };
  }
}
