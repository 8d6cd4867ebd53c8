import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import type { ServerMetadata } from 'openid-client';
import { HttpSettings } from '../../http/http.settings.js';
import type { GatewayEntity } from '../../registry/gateways/gateway.entity.js';
import { GatewayReader } from '../../registry/gateways/gateway-reader.js';
import { GatewayTargets } from '../../registry/gateways/gateway-targets.js';
import type { OauthConfig } from '../../registry/gateways/oauth-config.js';
import { RedirectUris } from '../clients/redirect-uris.js';
import { namedServer, UpstreamDiscovery } from '../discovery/upstream-discovery.js';
import type { OauthStatusDto } from '../dto/oauth-status.dto.js';
import { TokenVault } from '../tokens/token-vault.js';

/** How a gateway gets its tokens, and whether it has one of the caller. */
@Injectable()
export class ConnectionStatus {
  constructor(
    private readonly reader: GatewayReader,
    private readonly targets: GatewayTargets,
    private readonly vault: TokenVault,
    private readonly discovery: UpstreamDiscovery,
    private readonly redirects: RedirectUris,
    private readonly http: HttpSettings,
  ) {}

  /** @throws GatewayError 404 */
  async of(caller: Principal, gatewayId: string): Promise<OauthStatusDto> {
    const gateway = await this.reader.demand(caller, 'gateways.read', gatewayId);
    const { oauthConfig } = gateway;
    if (!oauthConfig) return { oauth_enabled: false, message: 'Gateway is not configured for OAuth' };
    const { grant_type, scopes } = oauthConfig;
    const shown = { oauth_enabled: true, grant_type, ...(scopes && { scopes: [...scopes] }) };
    if (grant_type !== 'authorization_code') return { ...shown, message: `The gateway gets tokens by ${grant_type}` };
    const row = caller.userId === null ? null : await this.vault.find(gateway.id, caller.userId);
    const connected = row?.state === 'connected' && row.upstreamUrl === gateway.url;
    const authorization_url = this.http.linkTo(`/oauth/authorize/${gateway.id}`);
    const redirect_uri = await this.#redirectUri(gateway, oauthConfig);
    const message = connected ? 'Your account is connected' : `Connect your account at ${authorization_url}`;
    return { ...shown, authorization_url, ...(redirect_uri && { redirect_uri }), connected, message };
  }

  /** Of a client that somebody registers by hand. The authorization server has to be asked for it, and may not answer. */
  async #redirectUri(gateway: GatewayEntity, config: OauthConfig): Promise<string | undefined> {
    if (config.client_id === undefined) return undefined;
    const server = namedServer(config) ?? (await this.#server(gateway, config).catch(() => undefined));
    return server && this.redirects.of(server);
  }

  async #server(gateway: GatewayEntity, { issuer = '' }: OauthConfig): Promise<ServerMetadata> {
    return this.discovery.server({ url: gateway.url, tls: await this.targets.tls(gateway) }, issuer);
  }
}
