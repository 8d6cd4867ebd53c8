import { Injectable, Logger } from '@nestjs/common';
import { UpstreamError } from '#libs/mcp';
import type { Principal } from '#libs/policy';
import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type Configuration,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { GatewayError } from '../../http/errors.js';
import type { GatewayEntity } from '../../registry/gateways/gateway.entity.js';
import { GatewayReader } from '../../registry/gateways/gateway-reader.js';
import { GatewayTargets } from '../../registry/gateways/gateway-targets.js';
import type { OauthUpstream } from '../../registry/gateways/oauth-access.js';
import { UpstreamClient } from '../../registry/gateways/upstream-client.js';
import { ClientConfigurations } from '../clients/client-configurations.js';
import { OauthClients } from '../clients/oauth-clients.js';
import { RedirectUris } from '../clients/redirect-uris.js';
import { type Challenge, readChallenge } from '../discovery/challenge.js';
import { UpstreamDiscovery } from '../discovery/upstream-discovery.js';
import { oauthFault } from '../oauth-fault.js';
import { type Granted, granted } from '../tokens/granted.js';
import { TokenVault } from '../tokens/token-vault.js';
import { type ConnectionRequest, recorded } from './connection-request.js';
import { OauthStates } from './oauth-states.js';
import { scopesFor } from './scopes-for.js';

/** Takes users to the authorization servers of upstreams and back (RFC 6749 section 4.1, with PKCE). */
@Injectable()
export class Connections {
  readonly #log = new Logger(Connections.name);

  constructor(
    private readonly reader: GatewayReader,
    private readonly targets: GatewayTargets,
    private readonly upstreams: UpstreamClient,
    private readonly discovery: UpstreamDiscovery,
    private readonly clients: OauthClients,
    private readonly redirects: RedirectUris,
    private readonly configurations: ClientConfigurations,
    private readonly states: OauthStates,
    private readonly vault: TokenVault,
  ) {}

  /**
   * Where the user is to go.
   * @throws GatewayError 400, 404, 409; `oauth_failed`
   */
  async begin(caller: Principal, gatewayId: string): Promise<URL> {
    const userId = accountOf(caller);
    const gateway = await this.reader.demand(caller, 'gateways.read', gatewayId);
    const upstream = await this.#upstream(gateway);
    const challenge = await this.#challenge(gateway);
    const { server, resource, scopes: known } = await this.discovery.of(upstream, challenge);
    if (server.authorization_endpoint === undefined) throw oauthFault(`${server.issuer} has no authorization endpoint`);
    const before = await this.vault.find(gateway.id, userId);
    const scopes = scopesFor({
      challenge: challenge.scope,
      configured: upstream.config.scopes,
      known,
      before: before?.issuer === server.issuer ? before.scopes : '',
      offered: server.scopes_supported,
    });
    const client = await this.clients.for(caller, upstream, server, scopes);
    const configuration = await this.configurations.of(upstream, server, client);
    const [verifier, state] = [randomPKCECodeVerifier(), randomState()];
    const redirectUri = this.redirects.of(server);
    await this.states.keep(state, gateway.id, userId, {
      server: recorded(server),
      clientId: client.clientId,
      redirectUri,
      verifier,
      scopes: scopes?.join(' ') ?? '',
      resource: resource ?? null,
      upstreamUrl: upstream.url,
    });
    return buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      state,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(scopes && { scope: scopes.join(' ') }),
      ...(resource !== undefined && { resource }),
      // OpenID Connect Core section 11.
      ...(scopes?.includes('offline_access') && { prompt: 'consent' }),
    });
  }

  /**
   * Takes what the authorization server sent the user back with.
   * @param redirectUri by which the user came back
   * @returns the gateway that the user is connected to now
   * @throws GatewayError 400 for an answer to nothing that this user has asked; `oauth_failed`
   */
  async finish(caller: Principal, redirectUri: string, query: URLSearchParams): Promise<GatewayEntity> {
    const userId = accountOf(caller);
    const taken = await this.states.take(query.get('state') ?? '', userId);
    if (!taken)
      throw new GatewayError('bad_request', 'This connection was not begun by you, or not in the last five minutes');
    const { gatewayId, request } = taken;
    if (request.redirectUri !== redirectUri)
      throw oauthFault('the answer came by the address of another authorization server');
    const gateway = await this.reader.demand(caller, 'gateways.read', gatewayId);
    const upstream = await this.#upstream(gateway);
    const { server, clientId, scopes, resource, upstreamUrl } = request;
    const client = await this.clients.known(upstream, server, clientId);
    if (!client || upstream.url !== upstreamUrl) throw oauthFault('the gateway was changed meanwhile; connect again');
    const configuration = await this.configurations.of(upstream, server, client);
    const tokens = await this.#tokens(configuration, query, request).catch((error: unknown) => {
      // What an authorization server says of it is not shown: it may be anybody's text.
      this.#log.warn({ message: 'a user could not be connected', gatewayId, userId, error: String(error) });
      throw oauthFault('the authorization server did not give its consent in a way that holds', error);
    });
    const tokenUrl = server.token_endpoint ?? '';
    const grant = { gatewayId, userId, issuer: server.issuer, upstreamUrl, resource, tokenUrl, clientId, scopes };
    await this.vault.connect(caller, gateway, grant, tokens);
    return gateway;
  }

  async #tokens(
    configuration: Configuration,
    query: URLSearchParams,
    { redirectUri, verifier, resource }: ConnectionRequest,
  ): Promise<Granted> {
    const url = new URL(`${redirectUri}?${query.toString()}`);
    const checks = { pkceCodeVerifier: verifier, expectedState: query.get('state') ?? '' };
    const said = await authorizationCodeGrant(configuration, url, checks, resource === null ? {} : { resource });
    const tokens = granted(said);
    if (!tokens) throw new Error('there is no access_token in the answer');
    return tokens;
  }

  async #upstream(gateway: GatewayEntity): Promise<OauthUpstream> {
    const { oauth } = await this.targets.bare(gateway);
    if (!oauth) throw new GatewayError('bad_request', 'Gateway is not configured for OAuth');
    if (oauth.config.grant_type !== 'authorization_code')
      throw new GatewayError('bad_request', 'Gateway is not configured for Authorization Code flow');
    return oauth;
  }

  /** What the upstream says to somebody without a token; some let anybody in until the tools are asked for. */
  async #challenge(gateway: GatewayEntity): Promise<Challenge> {
    const { target } = await this.targets.bare(gateway);
    try {
      await this.upstreams.survey(target);
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined;
      if (cause instanceof UpstreamError && cause.reason === 'auth_required') return readChallenge(cause.challenge);
      throw error;
    }
    return {};
  }
}

function accountOf({ userId }: Principal): string {
  if (userId === null) throw new GatewayError('access_denied', 'Only a user with an account can be connected');
  return userId;
}
