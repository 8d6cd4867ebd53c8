import { Injectable } from '@nestjs/common';
import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Request } from 'express';
import { type SecretOrKeyProvider, Strategy } from 'passport-jwt';
import { type ErrorCode, GatewayError } from '../http/errors.js';
import { HttpSettings } from '../http/http.settings.js';
import { AuthSettings } from './auth.settings.js';
import { isStrictJws } from './strict-jws.js';
import { readClaims, type TokenClaims } from './token-claims.js';
import { TokenVerifier } from './token-verifier.js';

/** How far the clock of another signer may be ahead of ours, seconds. Expiry has no such grace. */
const SKEW = 60;

type Payload = Readonly<Record<string, unknown>>;

/** HS256 through passport-jwt, its algorithm, issuer and audience pinned. */
@Injectable()
export class PassportJwtVerifier extends TokenVerifier {
  readonly #strategy: Strategy;

  constructor(
    private readonly settings: AuthSettings,
    private readonly http: HttpSettings,
  ) {
    super();
    // A KeyObject, not the text: jsonwebtoken first tries a text as a public key, which costs half a millisecond.
    const key = createSecretKey(settings.jwtSecret.reveal(), 'utf8');
    this.#strategy = new Strategy(
      {
        jwtFromRequest: (request: { token?: string }) => request.token ?? null,
        secretOrKeyProvider: keyProvider(key),
        algorithms: [settings.jwtAlgorithm],
        issuer: settings.issuer,
        audience: settings.audience,
      },
      (payload: Payload, done: (error: null, user: Payload) => void) => done(null, payload),
    );
  }

  async verify(token: string): Promise<TokenClaims> {
    if (!isStrictJws(token)) throw new GatewayError('invalid_token');
    const claims = readClaims(await this.#payloadOf(token));
    if (typeof claims === 'string') throw new GatewayError('invalid_token', `Invalid token: ${claims}`);
    const { requireExpiration, requireJti, validateEnvironment } = this.settings;
    if (requireExpiration && claims.exp === undefined) {
      throw new GatewayError('invalid_token', 'Token is missing required expiration claim (exp)');
    }
    if (requireJti && claims.jti === undefined) {
      throw new GatewayError('invalid_token', 'Token is missing required JTI claim (jti)');
    }
    if (claims.iat !== undefined && claims.iat > Date.now() / 1000 + SKEW) throw new GatewayError('invalid_token');
    if (validateEnvironment && claims.env !== undefined && claims.env !== this.http.environment) {
      throw new GatewayError('invalid_token');
    }
    return claims;
  }

  #payloadOf(token: string): Promise<Payload> {
    return new Promise((resolve, reject) => {
      // Passport gives each request a strategy of its own, made like this, with the outcome methods on it.
      const run = Object.assign(Object.create(this.#strategy) as Strategy, {
        success: resolve,
        fail: (info: unknown) => reject(new GatewayError(codeOf(info))),
        error: () => reject(new GatewayError('invalid_token')),
      });
      run.authenticate(Object.assign(Object.create(null) as Request, { token }));
    });
  }
}

function keyProvider(key: KeyObject): SecretOrKeyProvider<Request> {
  // The published types know text and Buffer only; jsonwebtoken takes a KeyObject too.
  return (_request, _token, done) => done(null, key as KeyObject & Buffer);
}

function codeOf(info: unknown): ErrorCode {
  return info instanceof Error && info.name === 'TokenExpiredError' ? 'token_expired' : 'invalid_token';
}
