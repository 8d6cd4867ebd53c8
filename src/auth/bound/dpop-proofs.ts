import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { calculateJwkThumbprint, decodeProtectedHeader, EmbeddedJWK, errors, type JWTPayload, jwtVerify } from 'jose';
import { createHash } from 'node:crypto';
import { parseUrl } from '#libs/egress';
import { isJsonObject } from '#libs/mcp';
import { GatewayError } from '../../http/errors.js';
import { forwardedPrefix } from '../../http/forwarded-prefix.js';
import { HttpSettings } from '../../http/http.settings.js';
import { withoutVersion } from '../../http/version-alias.js';
import { Counters, CountersUnavailableError } from '../../limits/counters.js';
import { sameText } from '../cookies/csrf-tokens.js';
import { readStrictJws } from '../jwt/strict-jws.js';
import { BoundSettings } from './bound.settings.js';
import { DpopNonces } from './dpop-nonces.js';

const TYPE = 'dpop+jwt';
/** Bytes; an RSA key of 4,096 bits and its signature take 2,500. */
const LONGEST = 4096;
const LONGEST_ID = 256;
/** Of private and of shared keys (RFC 7518 section 6). */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
/** How much longer than it is good a proof is remembered, for clocks of replicas that differ, milliseconds. */
const GRACE = 10_000;

/** Verifies DPoP proofs (RFC 9449 section 4.3); each is good for one request. */
@Injectable()
export class DpopProofs {
  readonly #origin: string;

  constructor(
    private readonly settings: BoundSettings,
    private readonly http: HttpSettings,
    private readonly nonces: DpopNonces,
    private readonly counters: Counters,
  ) {
    this.#origin = new URL(http.appDomain).origin;
  }

  /**
   * @param jkt the thumbprint of the key that the token is bound to
   * @throws GatewayError 401, or 503 while it can't be known whether the proof was used before
   */
  async verify(request: Request, token: string, jkt: string): Promise<void> {
    const { nonceRequired } = this.settings;
    const claims = await this.#claimsOf(request.headers['dpop'], jkt);
    this.#assertFor(request, token, claims);
    const known = !nonceRequired || this.nonces.accepts(claims.nonce);
    if (nonceRequired && claims.nonce !== this.nonces.current)
      request.res?.setHeader('DPoP-Nonce', this.nonces.current);
    if (!known) throw new GatewayError('use_dpop_nonce');
    await this.#assertFirstUse(jkt, claims);
  }

  /** The claims of a proof that the key signed to which the token is bound. */
  async #claimsOf(proof: string | string[] | undefined, jkt: string): Promise<Claims> {
    if (proof === undefined) throw refused('the header is missing');
    // Two headers are joined by a comma, which no JWT has.
    if (typeof proof !== 'string' || proof.length > LONGEST || !readStrictJws(proof, ['jwk'], /^dpop\+jwt$/))
      throw refused(`it must be one JWT of type ${TYPE} with nothing but alg and jwk in its header`);
    const { alg = '', jwk } = decodeProtectedHeader(proof);
    if (!this.settings.algorithms.includes(alg)) throw refused('its alg is not accepted');
    if (!isJsonObject(jwk) || PRIVATE.some((member) => Object.hasOwn(jwk, member)))
      throw refused('its jwk must be a public key');
    try {
      if (!sameText(await calculateJwkThumbprint(jwk), jkt)) throw refused('its key is not the one of the token');
      const { payload } = await jwtVerify(proof, EmbeddedJWK, { algorithms: [alg], typ: TYPE });
      return payload;
    } catch (error) {
      if (error instanceof GatewayError) throw error;
      const { JWTExpired, JWTClaimValidationFailed } = errors;
      if (error instanceof JWTExpired || error instanceof JWTClaimValidationFailed) throw refused(error.message);
      // A key that is none is told by whatever WebCrypto throws.
      throw refused('its signature does not hold');
    }
  }

  #assertFor(request: Request, token: string, { htm, htu, iat, jti, ath }: Claims): void {
    const ofToken = createHash('sha256').update(token).digest('base64url');
    if (htm !== request.method) throw refused('htm must be the method of the request');
    if (typeof htu !== 'string' || !this.#isOf(request, htu)) throw refused('htu must be the URL of the request');
    if (!Number.isSafeInteger(iat) || Math.abs(Date.now() / 1000 - Number(iat)) > this.settings.windowSeconds)
      throw refused(`iat must be within ${this.settings.windowSeconds} seconds of now`);
    if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST_ID)
      throw refused(`jti must be 1 to ${LONGEST_ID} characters`);
    if (typeof ath !== 'string' || !sameText(ath, ofToken)) throw refused('ath must be the hash of the token');
  }

  /** By the URL that clients know, not by what a Host header says; query and fragment don't count. */
  #isOf(request: Request, htu: string): boolean {
    const claimed = parseUrl(htu);
    const actual = parseUrl(this.#origin + (request.url ?? ''));
    const prefix = forwardedPrefix(request, this.http.trustedProxies);
    if (!claimed || !actual || claimed.origin !== actual.origin || !claimed.pathname.startsWith(prefix)) return false;
    return withoutVersion(claimed.pathname.slice(prefix.length)) === actual.pathname;
  }

  async #assertFirstUse(jkt: string, { iat = 0, jti = '' }: Claims): Promise<void> {
    const key = createHash('sha256').update(`${jkt} ${jti}`).digest('base64url');
    const goodForMs = (iat + this.settings.windowSeconds) * 1000 - Date.now();
    try {
      const { allowed } = await this.counters.take(`dpop-proof:${key}`, 1, Math.ceil(goodForMs) + GRACE);
      if (!allowed) throw refused('it was used before');
    } catch (error) {
      if (!(error instanceof CountersUnavailableError)) throw error;
      throw new GatewayError('overloaded', 'DPoP proofs can’t be checked now; retry', 'proofs_unavailable', 1);
    }
  }
}

interface Claims extends JWTPayload {
  readonly htm?: unknown;
  readonly htu?: unknown;
  readonly ath?: unknown;
  readonly nonce?: unknown;
}

const refused = (why: string): GatewayError => new GatewayError('invalid_dpop_proof', `DPoP: ${why}`);
