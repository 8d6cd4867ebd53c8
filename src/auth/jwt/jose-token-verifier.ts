import { Injectable } from '@nestjs/common';
import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify, type JWTVerifyOptions } from 'jose';
import { GatewayError } from '../../http/errors.js';
import { HttpSettings } from '../../http/http.settings.js';
import { AuthSettings } from '../auth.settings.js';
import type { JwtKey } from '../keys/jwt-key.js';
import { JwtKeyRing } from '../keys/jwt-key-ring.js';
import { isStrictJws } from './strict-jws.js';
import { readClaims, type TokenClaims } from './token-claims.js';
import { TokenVerifier } from './token-verifier.js';

/** How far the clock of another signer may be ahead of ours, seconds. Expiry and start have no such grace. */
const SKEW = 60;

interface Verified {
  readonly payload: JWTPayload;
  readonly key: JwtKey;
}

/** Verification by jose. The key brings its algorithm; the token's `alg` must agree and chooses nothing. */
@Injectable()
export class JoseTokenVerifier extends TokenVerifier {
  readonly #expected: Pick<JWTVerifyOptions, 'issuer' | 'audience'>;

  constructor(
    private readonly keys: JwtKeyRing,
    private readonly settings: AuthSettings,
    private readonly http: HttpSettings,
  ) {
    super();
    this.#expected = {
      ...(settings.issuerVerification && { issuer: settings.issuer }),
      ...(settings.audienceVerification && { audience: settings.audience }),
    };
  }

  async verify(token: string): Promise<TokenClaims> {
    if (!isStrictJws(token)) throw new GatewayError('invalid_token');
    const { payload, key } = await this.#verified(token);
    const claims = readClaims(payload);
    if (typeof claims === 'string') throw new GatewayError('invalid_token', `Invalid token: ${claims}`);
    // The MCP rule: a token that others may present as well is not for us.
    if (this.settings.audienceVerification && Array.isArray(payload.aud) && payload.aud.length !== 1)
      throw new GatewayError('invalid_token', 'Invalid token: aud must be this gateway alone');
    this.#assertComplete(claims);
    return this.#withinLifeOf(key, claims);
  }

  /** The first key that verifies the signature decides; what it then says of the claims is final. */
  async #verified(token: string): Promise<Verified> {
    const { kid } = decodeProtectedHeader(token);
    for (const key of this.keys.candidates(kid)) {
      try {
        const { payload } = await jwtVerify(token, key.key, { ...this.#expected, algorithms: [key.algorithm] });
        return { payload, key };
      } catch (error) {
        if (error instanceof errors.JWTExpired) throw new GatewayError('token_expired');
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) break;
      }
    }
    throw new GatewayError('invalid_token');
  }

  #assertComplete(claims: TokenClaims): void {
    const { requireExpiration, requireJti, validateEnvironment } = this.settings;
    if (requireExpiration && claims.exp === undefined)
      throw new GatewayError('invalid_token', 'Token is missing required expiration claim (exp)');
    if (requireJti && claims.jti === undefined)
      throw new GatewayError('invalid_token', 'Token is missing required JTI claim (jti)');
    if (claims.iat !== undefined && claims.iat > Date.now() / 1000 + SKEW) throw new GatewayError('invalid_token');
    if (validateEnvironment && claims.env !== undefined && claims.env !== this.http.environment)
      throw new GatewayError('invalid_token');
  }

  /** A retired key vouches for what it signed before, and no longer than it verifies itself. */
  #withinLifeOf(key: JwtKey, claims: TokenClaims): TokenClaims {
    if (key.retiredAt === undefined) return claims;
    if (claims.iat === undefined || claims.iat * 1000 > key.retiredAt) throw new GatewayError('invalid_token');
    return { ...claims, exp: Math.min(claims.exp ?? Infinity, Math.floor(this.keys.endOf(key) / 1000)) };
  }
}
