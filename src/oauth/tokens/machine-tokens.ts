import { Injectable, Logger } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import {
  clientCredentialsGrant,
  genericGrantRequest,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client';
import { TokenIssuer } from '../../auth/jwt/token-issuer.js';
import type { OauthUpstream } from '../../registry/gateways/oauth-access.js';
import { ClientConfigurations } from '../clients/client-configurations.js';
import { preRegistered } from '../clients/pre-registered.js';
import { UpstreamDiscovery } from '../discovery/upstream-discovery.js';
import { oauthFault } from '../oauth-fault.js';
import { type AccessToken, goodUntil, heldOver } from './access-token.js';
import { granted } from './granted.js';

const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const JWT_TYPE = 'urn:ietf:params:oauth:token-type:jwt';
const ACCESS_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:access_token';

export interface MachineWish {
  /** The token so far, for where no other is to be had. */
  readonly before?: AccessToken | undefined;
  /** What the upstream has asked for. */
  readonly scope?: string | undefined;
}

/** Tokens for which nobody has to consent: those of the gateway itself, and those for callers on its word. */
@Injectable()
export class MachineTokens {
  readonly #log = new Logger(MachineTokens.name);

  constructor(
    private readonly discovery: UpstreamDiscovery,
    private readonly configurations: ClientConfigurations,
    private readonly issuer: TokenIssuer,
  ) {}

  /** @throws GatewayError `oauth_failed` */
  async get(
    upstream: OauthUpstream,
    caller: Principal | undefined,
    { before, scope }: MachineWish = {},
  ): Promise<AccessToken> {
    try {
      return await this.#fresh(upstream, caller, scope);
    } catch (error) {
      const held = before && !isRefusal(error as Error) ? heldOver(before) : undefined;
      if (!held) throw error;
      const { gatewayId } = upstream;
      this.#log.warn({ message: 'a token is used to its end: no other is to be had', gatewayId, error: String(error) });
      return held;
    }
  }

  async #fresh(upstream: OauthUpstream, caller: Principal | undefined, scope?: string): Promise<AccessToken> {
    const { config } = upstream;
    const { server, resource, scopes: known } = await this.discovery.of(upstream, {});
    const client = preRegistered(upstream, server);
    if (!client) throw oauthFault(`client_id is required with grant_type ${config.grant_type}`);
    const wanted = new Set([...(config.scopes ?? known ?? []), ...(scope?.split(' ') ?? [])]);
    const parameters: Record<string, string> = {
      ...(wanted.size > 0 && { scope: [...wanted].join(' ') }),
      ...(resource !== undefined && { resource }),
      ...(config.audience !== undefined && { audience: config.audience }),
    };
    const configuration = await this.configurations.of(upstream, server, client);
    const now = Date.now();
    try {
      const said =
        config.grant_type === 'client_credentials'
          ? await clientCredentialsGrant(configuration, parameters)
          : await genericGrantRequest(
              configuration,
              // Where nobody has said that the endpoint is the issuer's, it is a word to the endpoint (RFC 7523 section 3).
              ...(await this.#onOurWord(upstream, config.token_url ?? server.issuer, caller, parameters)),
            );
      const tokens = granted(said, now);
      if (!tokens) throw new Error('there is no access_token in the answer');
      const endsAt = tokens.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
      return { text: tokens.accessToken, goodUntil: goodUntil(tokens.expiresAt, now), endsAt };
    } catch (error) {
      throw oauthFault('the authorization server gave no token', error);
    }
  }

  /** The caller's own token says nothing to others and stays here: what goes out is our word on who calls. */
  async #onOurWord(
    { config }: OauthUpstream,
    audience: string,
    caller: Principal | undefined,
    parameters: Record<string, string>,
  ): Promise<[string, Record<string, string>]> {
    if (!caller || caller.userId === null) throw new Error('it is asked for users with an account alone');
    const assertion = await this.issuer.assertion(caller.userId, caller.subject, audience);
    if (config.grant_type === 'jwt-bearer') return [JWT_BEARER, { ...parameters, assertion }];
    return [
      TOKEN_EXCHANGE,
      {
        ...parameters,
        subject_token: assertion,
        subject_token_type: JWT_TYPE,
        requested_token_type: ACCESS_TOKEN_TYPE,
      },
    ];
  }
}

/** The authorization server is there, and will not: whoever was cut off is not to go on to the end of a token. */
function isRefusal({ cause }: { cause?: unknown }): boolean {
  if (cause instanceof WWWAuthenticateChallengeError) return true;
  return cause instanceof ResponseBodyError && [400, 401, 403].includes(cause.status);
}
