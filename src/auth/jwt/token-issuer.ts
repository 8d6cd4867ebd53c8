import { Injectable } from '@nestjs/common';
import { SignJWT } from 'jose';
import { newId } from '../../database/new-id.js';
import { HttpSettings } from '../../http/http.settings.js';
import { AuthSettings } from '../auth.settings.js';
import { isSecretAlgorithm } from '../keys/jwt-algorithm.js';
import { JwtKeyRing } from '../keys/jwt-key-ring.js';

const ASSERTION_SECONDS = 60;
const OURS = ['sub', 'jti', 'iss', 'aud', 'iat', 'exp'];

/** Signs tokens; the only signer of the house. */
@Injectable()
export class TokenIssuer {
  constructor(
    private readonly keys: JwtKeyRing,
    private readonly settings: AuthSettings,
    private readonly http: HttpSettings,
  ) {}

  /** Whether others can verify what is signed, with keys by which they can't sign. */
  get isPublic(): boolean {
    return !isSecretAlgorithm(this.keys.signing.algorithm);
  }

  /**
   * @param claims those beside the ones that every token has
   * @param expiresInSeconds undefined for a token that never expires
   * @param audience whom the token is for, where that is not this gateway
   * @throws GatewayError `keys_unavailable` when the key is remote and can't be had
   */
  async sign(
    subject: string,
    jti: string,
    claims: Readonly<Record<string, unknown>>,
    expiresInSeconds: number | undefined,
    audience = this.settings.audience,
  ): Promise<string> {
    const taken = OURS.find((name) => Object.hasOwn(claims, name));
    if (taken) throw new Error(`The claim ${taken} is for the issuer to set`);
    const { key, algorithm, kid } = this.keys.signing;
    const now = Math.floor(Date.now() / 1000);
    const payload = {
      ...claims,
      ...(this.settings.embedEnvironment && { env: this.http.environment }),
      sub: subject,
      jti,
      iss: this.settings.issuer,
      aud: audience,
      iat: now,
      ...(expiresInSeconds !== undefined && { exp: now + expiresInSeconds }),
    };
    const header = { alg: algorithm, typ: 'JWT', kid };
    if (typeof key !== 'function') return new SignJWT(payload).setProtectedHeader(header).sign(key);
    const input = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    return `${input}.${(await key(Buffer.from(input))).toString('base64url')}`;
  }

  /**
   * Our word to an authorization server on who calls (RFC 7523 section 3, RFC 8693 section 2.1), for a minute. It opens no
   * door of ours: no token of ours has its `token_use`.
   * @throws Error where others have no key to verify it with
   */
  async assertion(userId: string, email: string, audience: string): Promise<string> {
    if (!this.isPublic) throw new Error('JWT_ALGORITHM must be one with a public key');
    return this.sign(userId, newId(), { email, token_use: 'assertion' }, ASSERTION_SECONDS, audience);
  }
}
