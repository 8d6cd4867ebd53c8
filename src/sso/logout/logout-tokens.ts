import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { createRemoteJWKSet, customFetch, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose';
import type { Configuration } from 'openid-client';
import { LessThan, Repository } from 'typeorm';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { GatewayError } from '../../http/errors.js';
import { subjectKey } from '../accounts/subject-key.js';
import { ID_TOKEN_ALGORITHMS } from '../oidc/id-token-algorithms.js';
import { ProviderConfigurations } from '../oidc/provider-configurations.js';
import type { SsoProvider } from '../providers/sso-provider.entity.js';
import { SsoLogoutToken } from './sso-logout-token.entity.js';
import { SsoSessions } from './sso-sessions.js';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const OLDEST_SECONDS = 600;
const SKEW_SECONDS = 60;
const TYPES: ReadonlySet<unknown> = new Set([undefined, 'JWT', 'logout+jwt']);

/** Obeys the logout tokens of providers (OpenID Connect Back-Channel Logout section 2.6), each once. */
@Injectable()
export class LogoutTokens {
  readonly #keys = new WeakMap<Configuration, JWTVerifyGetKey>();

  constructor(
    @InjectRepository(SsoLogoutToken) private readonly used: Repository<SsoLogoutToken>,
    private readonly configurations: ProviderConfigurations,
    private readonly sessions: SsoSessions,
  ) {}

  /** @returns how many sessions it ended. @throws GatewayError 400 for a token that is not to be obeyed */
  async obey(provider: SsoProvider, token: string): Promise<number> {
    const { jti, sub, sid } = faultless(await this.#verified(provider, token));
    const { issuer } = provider;
    const id = subjectKey(issuer, jti);
    await this.#use(id);
    const subject = sub === undefined ? {} : { subjectKey: subjectKey(issuer, sub) };
    const session = sid === undefined ? {} : { sidKey: subjectKey(issuer, sid) };
    try {
      return await this.sessions.endAll({ providerId: provider.id, ...subject, ...session }, 'sso_logout');
    } catch (error) {
      // The provider will try again.
      await this.used.delete({ id });
      throw error;
    }
  }

  async #verified(provider: SsoProvider, token: string): Promise<JWTPayload> {
    const { issuer, clientId } = provider;
    const keys = await this.#keysOf(provider);
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        issuer,
        audience: clientId,
        algorithms: [...ID_TOKEN_ALGORITHMS],
        clockTolerance: SKEW_SECONDS,
        maxTokenAge: OLDEST_SECONDS,
        requiredClaims: ['iat', 'jti', 'events'],
      });
      if (!TYPES.has(protectedHeader.typ)) throw new Error('it is a token of another type');
      return payload;
    } catch {
      throw refused('does not hold');
    }
  }

  async #keysOf(provider: SsoProvider): Promise<JWTVerifyGetKey> {
    const configuration = await this.configurations.of(provider).catch(() => undefined);
    const uri = configuration?.serverMetadata().jwks_uri;
    if (!configuration || uri === undefined) throw new GatewayError('sso_provider_unavailable');
    const known = this.#keys.get(configuration);
    if (known) return known;
    const keys = createRemoteJWKSet(new URL(uri), { [customFetch]: this.configurations.byEgress });
    this.#keys.set(configuration, keys);
    return keys;
  }

  async #use(id: string): Promise<void> {
    const now = Date.now();
    await this.used.delete({ expiresAt: LessThan(new Date(now)) });
    try {
      await this.used.insert({ id, expiresAt: new Date(now + (OLDEST_SECONDS + 2 * SKEW_SECONDS) * 1000) });
    } catch (error) {
      if (isUniqueViolation(error)) throw refused('was used before');
      throw error;
    }
  }
}

interface Faultless {
  readonly jti: string;
  readonly sub: string | undefined;
  readonly sid: string | undefined;
}

/** What a logout token has to say, and must not (section 2.4). */
function faultless({ jti, sub, events, ...claims }: JWTPayload): Faultless {
  const sid = claims['sid'];
  if (typeof jti !== 'string' || jti === '') throw refused('has no jti');
  if ('nonce' in claims) throw refused('has a nonce: it is an ID token');
  const event = typeof events === 'object' && events !== null && (events as Record<string, unknown>)[EVENT];
  if (typeof event !== 'object' || event === null) throw refused('is about no logout');
  if (!isTextOrAbsent(sub) || !isTextOrAbsent(sid) || (sub ?? sid) === undefined) throw refused('names nobody');
  return { jti, sub, sid };
}

const isTextOrAbsent = (value: unknown): value is string | undefined =>
  value === undefined || (typeof value === 'string' && value !== '');

const refused = (why: string): GatewayError => new GatewayError('bad_request', `logout_token: ${why}`, 'logout_token');
