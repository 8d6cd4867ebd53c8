import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { createSecretKey, randomUUID } from 'node:crypto';
import { HttpSettings } from '../http/http.settings.js';
import { AuthSettings } from './auth.settings.js';
import type { User } from './user.entity.js';

export interface IssuedToken {
  readonly token: string;
  readonly expiresInSeconds: number;
}

/** Signs tokens; the only signer of the house. */
@Injectable()
export class TokenIssuer {
  readonly #jwt: JwtService;

  constructor(
    private readonly settings: AuthSettings,
    private readonly http: HttpSettings,
  ) {
    this.#jwt = new JwtService({
      secret: createSecretKey(settings.jwtSecret.reveal(), 'utf8'),
      signOptions: { algorithm: settings.jwtAlgorithm, issuer: settings.issuer, audience: settings.audience },
    });
  }

  session(user: User): IssuedToken {
    const expiresInSeconds = this.settings.tokenExpiryMinutes * 60;
    const claims = { token_use: 'session', auth_provider: user.authProvider };
    return { token: this.sign(user.id, randomUUID(), claims, expiresInSeconds), expiresInSeconds };
  }

  sign(
    subject: string,
    jti: string,
    claims: Readonly<Record<string, unknown>>,
    expiresInSeconds: number | undefined,
  ): string {
    const env = this.settings.embedEnvironment ? { env: this.http.environment } : {};
    const exp = expiresInSeconds === undefined ? {} : { expiresIn: expiresInSeconds };
    return this.#jwt.sign({ ...claims, ...env }, { subject, jwtid: jti, ...exp });
  }
}
