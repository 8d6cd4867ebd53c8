import type { TokenRevocation } from '../auth/jwt/token-revocation.entity.js';
import type { ApiToken } from './api-token.entity.js';

/** A token with what other tables know of it. */
export interface TokenRecord {
  readonly token: ApiToken;
  /** E-mail. */
  readonly owner: string;
  readonly revocation: TokenRevocation | null;
}
