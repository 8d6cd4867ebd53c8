import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { type Configuration, refreshTokenGrant, ResponseBodyError } from 'openid-client';
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

interface Grant {
  readonly configuration: Configuration;
  readonly refreshToken: string;
}

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
    const grant = await this.#prepared(upstream, row);
    if (!grant) return this.#reconnect(row);
    const giveUpAt = Date.now() + this.#leaseMs;
    for (;;) {
      const lease = await this.vault.claim(row, this.#leaseMs);
      if (lease) return this.#refresh(row, lease, grant);
      const now = await this.vault.byId(row.id);
      if (!now || now.state !== 'connected') return undefined;
      if (now.version !== row.version) return now;
      if (Date.now() > giveUpAt) throw oauthFault('another replica takes too long to refresh the tokens');
      await pause(LOOK_MS);
    }
  }

  /** All that takes time and can be done before the refresh is ours. Undefined where there is nothing to refresh with. */
  async #prepared(upstream: OauthUpstream, row: OauthToken): Promise<Grant | undefined> {
    const server = namedServer(upstream.config) ?? (await this.discovery.server(upstream, row.issuer));
    const client = await this.clients.known(upstream, server, row.clientId);
    if (!client || row.refreshToken === null) return undefined;
    // The old pair is worth nothing from the moment of the answer on: the new one is stored before it is even read.
    const heard = async (answer: Response): Promise<void> => {
      const tokens = answer.ok ? granted((await answer.json()) as object) : undefined;
      if (tokens) await this.vault.refreshed(row, tokens);
    };
    // Nowhere else than where they came from.
    const before = { ...server, token_endpoint: row.tokenUrl };
    const configuration = await this.configurations.of(upstream, before, client, heard);
    return { configuration, refreshToken: await this.vault.open(row, 'refresh_token', row.refreshToken) };
  }

  async #refresh(
    row: OauthToken,
    lease: Date,
    { configuration, refreshToken }: Grant,
  ): Promise<OauthToken | undefined> {
    const { id, resource, gatewayId, userId } = row;
    try {
      await refreshTokenGrant(configuration, refreshToken, resource === null ? {} : { resource });
    } catch (error) {
      const isOurs = await this.vault.release(row, lease);
      // Where the lease has run out, the token may be refused because another replica has just used it.
      if (isOurs && error instanceof ResponseBodyError && error.error === 'invalid_grant') return this.#reconnect(row);
      this.#log.warn({ message: 'tokens of an upstream cannot be refreshed', gatewayId, userId, error: String(error) });
      throw oauthFault('the tokens of the upstream cannot be refreshed now', error);
    }
    return (await this.vault.byId(id)) ?? undefined;
  }

  async #reconnect(row: OauthToken): Promise<undefined> {
    await this.vault.demandReconnect(row);
  }
}
