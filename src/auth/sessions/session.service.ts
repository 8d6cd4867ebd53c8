import { Injectable } from '@nestjs/common';
import type { ClientInfo } from '../../http/request-context.js';
import type { TokenClaims } from '../token-claims.js';
import { type IssuedToken, TokenIssuer } from '../token-issuer.js';
import type { User } from '../user.entity.js';

/** Sign-ins and what becomes of them. */
@Injectable()
export class SessionService {
  constructor(private readonly issuer: TokenIssuer) {}

  /** Starts a session for somebody whose credentials hold. */
  async start(user: User, _client: ClientInfo): Promise<IssuedToken> {
    return this.issuer.session(user);
  }

  /** Ends every session of a user, on every replica. */
  async endAll(_userId: string, _reason: string): Promise<void> {}

  /**
   * Whether the session of a verified session token still runs; a token without `sid` belongs to none.
   * @throws GatewayError 401 when it has ended, was idle too long or is over its absolute limit
   */
  async assertLive(_claims: TokenClaims): Promise<void> {}
}
