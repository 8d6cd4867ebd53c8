import { GatewayError } from '../../http/errors.js';
import type { TokenClaims } from './token-claims.js';

/** Refused because it was revoked; apart from that the token is one of ours. */
export class RevokedTokenError extends GatewayError {
  constructor(readonly claims: TokenClaims) {
    super('token_revoked');
    this.name = 'RevokedTokenError';
  }
}
