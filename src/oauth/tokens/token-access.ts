import { Injectable } from '@nestjs/common';
import { UpstreamError } from '#libs/mcp';
import type { Principal } from '#libs/policy';
import { OauthAccess, type OauthUpstream } from '../../registry/gateways/oauth-access.js';
import { readChallenge } from '../discovery/challenge.js';
import type { AccessToken } from './access-token.js';
import { AccessTokens } from './access-tokens.js';

/** What is asked of upstreams outside of calls: crawls and health checks. */
@Injectable()
export class TokenAccess extends OauthAccess {
  constructor(private readonly tokens: AccessTokens) {
    super();
  }

  async run<T>(
    upstream: OauthUpstream,
    caller: Principal | undefined,
    work: (headers: Record<string, string>) => Promise<T>,
  ): Promise<T> {
    const attempt = (token: AccessToken): Promise<T> => work({ authorization: `Bearer ${token.text}` });
    const first = await this.tokens.of(upstream, caller);
    try {
      return await attempt(first);
    } catch (error) {
      const refusal = refusalIn(error);
      if (!refusal) throw error;
      const second = await this.#renewed(upstream, caller, first, refusal);
      return attempt(second).catch((again: unknown) => {
        if (refusalIn(again)?.httpStatus === 401) return this.tokens.reject(upstream, second);
        throw again;
      });
    }
  }

  /** @throws the refusal itself where another token would not help */
  async #renewed(
    upstream: OauthUpstream,
    caller: Principal | undefined,
    token: AccessToken,
    refusal: UpstreamError,
  ): Promise<AccessToken> {
    if (refusal.httpStatus === 401) return this.tokens.anew(upstream, caller, token);
    const { error, scope } = await readChallenge(refusal.challenge);
    if (error !== 'insufficient_scope') throw refusal;
    return this.tokens.stepUp(upstream, caller, token, scope);
  }
}

function refusalIn(error: unknown): UpstreamError | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return [error, cause].find(
    (each): each is UpstreamError => each instanceof UpstreamError && each.reason === 'auth_required',
  );
}
