import { Injectable } from '@nestjs/common';
import { HttpSettings } from '../../http/http.settings.js';
import type { OauthUpstream } from '../../registry/gateways/oauth-access.js';
import { oauthFault } from '../oauth-fault.js';
import { type AccessToken, goodUntil, heldOver } from './access-token.js';
import type { OauthToken } from './oauth-token.entity.js';
import { TokenRefresh } from './token-refresh.js';
import { TokenVault } from './token-vault.js';
import { UnconnectedError } from './unconnected-error.js';

/** How often an upstream may ask for scopes that it was given already. */
const MOST_STEP_UPS = 3;

/** The tokens that users have consented to. */
@Injectable()
export class UserTokens {
  constructor(
    private readonly vault: TokenVault,
    private readonly refresh: TokenRefresh,
    private readonly http: HttpSettings,
  ) {}

  /**
   * @param refused the upstream takes this one no more
   * @throws UnconnectedError; GatewayError `oauth_failed`
   */
  async get(upstream: OauthUpstream, userId: string, refused?: AccessToken): Promise<AccessToken> {
    const row = await this.vault.find(upstream.gatewayId, userId);
    if (row?.state !== 'connected' || !isFor(row, upstream)) throw this.unconnected(upstream);
    const token = await this.#opened(row);
    const isRefused = token.text === refused?.text;
    if (!isRefused && Date.now() < token.goodUntil) return token;
    const held = isRefused ? undefined : heldOver(token);
    if (row.refreshToken === null) {
      if (held) return held;
      await this.vault.demandReconnect(row);
      throw this.unconnected(upstream);
    }
    try {
      const next = await this.refresh.next(upstream, row);
      if (next) return await this.#opened(next);
    } catch (error) {
      if (!held) throw error;
      return held;
    }
    throw this.unconnected(upstream);
  }

  /** The upstream takes not even a fresh one. @throws UnconnectedError always */
  async reject(upstream: OauthUpstream, { row }: AccessToken): Promise<never> {
    if (row) await this.vault.demandReconnect(row);
    throw this.unconnected(upstream);
  }

  /**
   * The upstream wants more scopes, which is another consent.
   * @throws UnconnectedError; GatewayError `oauth_failed` when it has asked in vain too often
   */
  async stepUp(upstream: OauthUpstream, { row }: AccessToken, scope: string | undefined): Promise<never> {
    if (!row) throw this.unconnected(upstream);
    const asked = new Set(row.scopes.split(' ').filter((each) => each !== ''));
    const wanted = (scope ?? '').split(' ').filter((each) => each !== '');
    const inVain = wanted.every((each) => asked.has(each));
    const stepUps = inVain ? row.stepUps + 1 : 0;
    if (stepUps >= MOST_STEP_UPS)
      throw oauthFault(`the upstream refuses tokens with the very scopes that it asks for (${wanted.join(' ')})`);
    await this.vault.demandReconnect(row, { scopes: [...new Set([...asked, ...wanted])].join(' '), stepUps });
    throw this.unconnected(upstream);
  }

  unconnected({ gatewayId }: OauthUpstream): UnconnectedError {
    return new UnconnectedError(this.http.linkTo(`/oauth/authorize/${gatewayId}`));
  }

  async #opened(row: OauthToken): Promise<AccessToken> {
    const text = await this.vault.open(row, 'access_token', row.accessToken);
    const endsAt = row.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
    return { text, goodUntil: goodUntil(row.expiresAt, row.updatedAt.getTime()), endsAt, row };
  }
}

/** A token for one upstream goes to no other, and one of a client or issuer that the operator has changed nowhere. */
function isFor({ upstreamUrl, issuer, clientId }: OauthToken, { url, config }: OauthUpstream): boolean {
  return (
    upstreamUrl === url &&
    (config.issuer === undefined || config.issuer === issuer) &&
    (config.client_id === undefined || config.client_id === clientId)
  );
}
