import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import type { ServerMetadata } from 'openid-client';
import { HttpSettings } from '../../http/http.settings.js';
import type { OauthUpstream } from '../../registry/gateways/oauth-access.js';
import { OauthSettings } from '../oauth.settings.js';
import { ClientRegistration } from './client-registration.js';
import type { OauthClient } from './oauth-client.js';
import { preRegistered } from './pre-registered.js';
import { namesItself, RedirectUris } from './redirect-uris.js';
import { RegisteredClients } from './registered-clients.js';
import type { RegisteredOauthClient } from './registered-oauth-client.entity.js';

const CLIENT_DOCUMENT = '/oauth/client.json';

/** As whom the gateway comes to each authorization server: as the operator says, by its document, or registered. */
@Injectable()
export class OauthClients {
  constructor(
    private readonly registered: RegisteredClients,
    private readonly registration: ClientRegistration,
    private readonly redirects: RedirectUris,
    private readonly settings: OauthSettings,
    private readonly http: HttpSettings,
  ) {}

  /** Our client_id where client metadata documents are taken; undefined when ours is not on https. */
  get documentUrl(): string | undefined {
    const own = this.http.linkTo(CLIENT_DOCUMENT);
    return this.settings.clientMetadataUrl ?? (own.startsWith('https:') ? own : undefined);
  }

  /**
   * @param caller who is to connect
   * @throws GatewayError `oauth_failed` where the gateway is nobody
   */
  async for(
    caller: Principal,
    upstream: OauthUpstream,
    server: ServerMetadata,
    scopes: readonly string[] | undefined,
  ): Promise<OauthClient> {
    const known = preRegistered(upstream, server);
    if (known) return known;
    const { documentUrl } = this;
    // Any authorization server takes the document, so what it says of redirect URIs keeps none apart from another.
    if (documentUrl !== undefined && server['client_id_metadata_document_supported'] === true && namesItself(server))
      return { clientId: documentUrl, authMethod: 'none' };
    const redirectUri = this.redirects.of(server);
    const row = await this.registered.find(upstream.gatewayId, server.issuer);
    if (row && isGood(row, redirectUri)) return this.registered.opened(row);
    const made = await this.registration.register(upstream, server, redirectUri, scopes);
    return this.registered.opened(await this.registered.keep(caller, upstream, server, { ...made, redirectUri }, row));
  }

  /** The one of this id, for tokens that it got; undefined when it is gone. */
  async known(upstream: OauthUpstream, server: ServerMetadata, clientId: string): Promise<OauthClient | undefined> {
    const own = preRegistered(upstream, server);
    if (own) return own.clientId === clientId ? own : undefined;
    if (clientId === this.documentUrl) return { clientId, authMethod: 'none' };
    const row = await this.registered.find(upstream.gatewayId, server.issuer);
    return row?.clientId === clientId ? this.registered.opened(row) : undefined;
  }
}

const isGood = (row: RegisteredOauthClient, redirectUri: string): boolean =>
  row.redirectUri === redirectUri && (row.expiresAt === null || row.expiresAt.getTime() > Date.now());
