import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { refreshTokenGrant, ResponseBodyError } from 'openid-client';
import type { OauthUpstream } from '../../registry/gateways/oauth-access.js';
import { ClientConfigurations } from '../clients/client-configurations.js';
import { OauthClients } from '../clients/oauth-clients.js';
import { namedServer, UpstreamDiscovery } from '../discovery/upstream-discovery.js';
import { oauthFault } from '../oauth-fault.js';
import { OauthSettings } from '../oauth.settings.js';
import { granted } from './granted.js';
import type { OauthToken } from './oauth-token.entity.js';
import { TokenVault } from './token-vault.js';

/** How often a replica looks whether another is done, milliseconds. */
const LOOK_MS = 50;
/** How much longer than a request a replica has the refresh to itself, milliseconds. */
const GRACE_MS = 5000;

/** Gets the next pair of tokens, once among all replicas. */
@Injectable()
export class TokenRefresh {
  readonly #log = new Logger(TokenRefresh.name);
  readonly #leaseMs: number;

  constructor(
    private readonly vault: TokenVault,
    private readonly clients: OauthClients,
    private readonly discovery: UpstreamDiscovery,
    private readonly configurations: ClientConfigurations,
    settings: OauthSettings,
  ) {
    this.#leaseMs = settings.timeoutSeconds * 1000 + GRACE_MS;
  }

  /**
   * Undefined when the user has to consent once more.
   * @throws GatewayError `oauth_failed`; then it may be tried again
   */
  async next(upstream: OauthUpstream, row: OauthToken): Promise<OauthToken | undefined> {
    const giveUpAt = Date.now() + this.#leaseMs;
    while (!(await this.vault.claim(row, this.#leaseMs))) {
      const now = await this.vault.byId(row.id);
      if (!now || now.state !== 'connected') return undefined;
      if (now.version !== row.version) return now;
      if (Date.now() > giveUpAt) throw oauthFault('another replica takes too long to refresh the tokens');
      await pause(LOOK_MS);
    }
    return this.#refresh(upstream, row);
  }

  async #refresh(upstream: OauthUpstream, row: OauthToken): Promise<OauthToken | undefined> {
    let stored = false;
    try {
      const server = namedServer(upstream.config) ?? (await this.discovery.server(row.issuer));
      const client = await this.clients.known(upstream, server, row.clientId);
      if (!client || row.refreshToken === null) return await this.#reconnect(row);
      const refreshToken = await this.vault.open(row, 'refresh_token', row.refreshToken);
      // The old pair is worth nothing from the moment of the answer on: the new one is stored before it is even read.
      const heard = async (answer: Response): Promise<void> => {
        const tokens = answer.ok ? granted((await answer.json()) as object) : undefined;
        if (!tokens) return;
        await this.vault.refreshed(row, tokens);
        stored = true;
      };
      // Nowhere else than where they came from.
      const configuration = await this.configurations.of({ ...server, token_endpoint: row.tokenUrl }, client, heard);
      await refreshTokenGrant(configuration, refreshToken, row.resource === null ? {} : { resource: row.resource });
    } catch (error) {
      if (error instanceof ResponseBodyError && error.error === 'invalid_grant') return this.#reconnect(row);
      if (!stored) await this.vault.release(row);
      const { gatewayId, userId } = row;
      this.#log.warn({ message: 'tokens of an upstream cannot be refreshed', gatewayId, userId, error: String(error) });
      throw oauthFault('the tokens of the upstream cannot be refreshed now', error);
    }
    return (await this.vault.byId(row.id)) ?? undefined;
  }

  async #reconnect(row: OauthToken): Promise<undefined> {
    await this.vault.demandReconnect(row);
  }
}
