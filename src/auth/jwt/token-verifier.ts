import type { TokenClaims } from './token-claims.js';

/** Decides whether a token is one of ours: signature, algorithm, issuer, audience, expiry, environment. */
export abstract class TokenVerifier {
  /** Rejects with a GatewayError (401) for everything that isn't a valid token. */
  abstract verify(token: string): Promise<TokenClaims>;
}
