import { Injectable, Logger } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { tokenRevocation } from 'openid-client';
import type { GatewayEntity } from '../../registry/gateways/gateway.entity.js';
import { GatewayReader } from '../../registry/gateways/gateway-reader.js';
import { GatewayTargets } from '../../registry/gateways/gateway-targets.js';
import { ClientConfigurations } from '../clients/client-configurations.js';
import { OauthClients } from '../clients/oauth-clients.js';
import { UpstreamDiscovery } from '../discovery/upstream-discovery.js';
import type { DisconnectedDto } from '../dto/disconnected.dto.js';
import type { OauthToken } from '../tokens/oauth-token.entity.js';
import { TokenVault } from '../tokens/token-vault.js';

/** Takes a user's consent back: here at once, and at the authorization server where that takes it (RFC 7009). */
@Injectable()
export class Disconnection {
  readonly #log = new Logger(Disconnection.name);

  constructor(
    private readonly reader: GatewayReader,
    private readonly targets: GatewayTargets,
    private readonly discovery: UpstreamDiscovery,
    private readonly clients: OauthClients,
    private readonly configurations: ClientConfigurations,
    private readonly vault: TokenVault,
  ) {}

  /** @throws GatewayError 404 */
  async of(caller: Principal, gatewayId: string): Promise<DisconnectedDto> {
    const gateway = await this.reader.demand(caller, 'gateways.read', gatewayId);
    const row = caller.userId === null ? null : await this.vault.find(gateway.id, caller.userId);
    if (!row) return { success: true, revoked: false, message: `No account was connected at “${gateway.name}”` };
    await this.vault.disconnect(caller, gateway, row);
    const revoked = await this.#revoked(gateway, row).catch((error: unknown) => {
      this.#log.warn({ message: 'tokens were not revoked', gatewayId: gateway.id, error: String(error) });
      return false;
    });
    const there = revoked ? 'its tokens are revoked' : 'its authorization server was not told: revoke the access there';
    return { success: true, revoked, message: `Your account at “${gateway.name}” is disconnected; ${there}` };
  }

  async #revoked(gateway: GatewayEntity, row: OauthToken): Promise<boolean> {
    const { oauth } = await this.targets.bare(gateway);
    if (!oauth || oauth.config.token_url !== undefined) return false;
    const server = await this.discovery.server(oauth, row.issuer);
    const client = await this.clients.known(oauth, server, row.clientId);
    if (!client || server.revocation_endpoint === undefined) return false;
    const configuration = await this.configurations.of(oauth, server, client);
    // With it go the access tokens that came of it (RFC 7009 section 2.1).
    const token =
      row.refreshToken === null
        ? this.vault.open(row, 'access_token', row.accessToken)
        : this.vault.open(row, 'refresh_token', row.refreshToken);
    await tokenRevocation(configuration, await token);
    return true;
  }
}
