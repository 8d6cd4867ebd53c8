import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { ServerMetadata } from 'openid-client';
import { Not, Repository } from 'typeorm';
import { newId } from '../../database/new-id.js';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { HttpSettings } from '../../http/http.settings.js';
import type { OauthUpstream } from '../../registry/gateways/oauth-access.js';
import type { ClientAuthMethod } from '../../registry/gateways/oauth-config.js';
import { SecretSealer } from '../../vault/secret-sealer.js';
import { OauthSettings } from '../oauth.settings.js';
import { ClientRegistration } from './client-registration.js';
import type { OauthClient } from './oauth-client.js';
import { namesItself, RedirectUris } from './redirect-uris.js';
import { RegisteredOauthClient } from './registered-oauth-client.entity.js';

const TABLE = 'registered_oauth_clients';
export const CLIENT_DOCUMENT = '/oauth/client.json';

/** As whom the gateway comes to each authorization server: as the operator says, by its document, or registered. */
@Injectable()
export class OauthClients {
  constructor(
    @InjectRepository(RegisteredOauthClient) private readonly rows: Repository<RegisteredOauthClient>,
    private readonly registration: ClientRegistration,
    private readonly redirects: RedirectUris,
    private readonly sealer: SecretSealer,
    private readonly settings: OauthSettings,
    private readonly http: HttpSettings,
  ) {}

  /** Our client_id where client metadata documents are taken; undefined when ours is not on https. */
  get documentUrl(): string | undefined {
    const own = this.http.linkTo(CLIENT_DOCUMENT);
    return this.settings.clientMetadataUrl ?? (own.startsWith('https:') ? own : undefined);
  }

  /** @throws GatewayError `oauth_failed` where the gateway is nobody */
  async for(
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
    const { gatewayId } = upstream;
    const row = await this.rows.findOneBy({ gatewayId, issuer: server.issuer });
    if (row && this.#isGood(row, server)) return this.#opened(row);
    const fresh = await this.#registered(upstream, server, scopes);
    if (row) await this.rows.delete({ id: row.id });
    // Or an upstream that names another each time would fill the table.
    await this.rows.delete({ gatewayId, issuer: Not(server.issuer) });
    return this.#keep(fresh, gatewayId, server.issuer);
  }

  /** The one of this id, for tokens that it got; undefined when it is gone. */
  async known(upstream: OauthUpstream, server: ServerMetadata, clientId: string): Promise<OauthClient | undefined> {
    const own = preRegistered(upstream, server);
    if (own) return own.clientId === clientId ? own : undefined;
    if (clientId === this.documentUrl) return { clientId, authMethod: 'none' };
    const { gatewayId } = upstream;
    const row = await this.rows.findOneBy({ gatewayId, issuer: server.issuer });
    return row?.clientId === clientId ? this.#opened(row) : undefined;
  }

  async #registered(upstream: OauthUpstream, server: ServerMetadata, scopes: readonly string[] | undefined) {
    const made = await this.registration.register(server, upstream.name, scopes);
    const id = newId();
    const seal = async (column: string, text: string | undefined): Promise<string | null> =>
      text === undefined ? null : this.sealer.seal(text, { table: TABLE, row: id, column });
    return {
      id,
      clientId: made.clientId,
      clientSecret: await seal('client_secret', made.clientSecret),
      authMethod: made.authMethod,
      registrationAccessToken: await seal('registration_access_token', made.accessToken),
      registrationUrl: made.url ?? null,
      redirectUri: this.redirects.of(server),
      expiresAt: made.expiresAt,
      createdAt: new Date(),
    };
  }

  async #keep(fresh: Omit<RegisteredOauthClient, 'gatewayId' | 'issuer'>, gatewayId: string, issuer: string) {
    try {
      await this.rows.insert({ ...fresh, gatewayId, issuer });
      return await this.#opened({ ...fresh, gatewayId, issuer });
    } catch (error) {
      // Another replica was first.
      const other = isUniqueViolation(error) ? await this.rows.findOneBy({ gatewayId, issuer }) : null;
      if (!other) throw error;
      return this.#opened(other);
    }
  }

  #isGood({ expiresAt, redirectUri }: RegisteredOauthClient, server: ServerMetadata): boolean {
    return redirectUri === this.redirects.of(server) && (expiresAt === null || expiresAt.getTime() > Date.now());
  }

  async #opened({ id, clientId, clientSecret, authMethod }: RegisteredOauthClient): Promise<OauthClient> {
    const at = { table: TABLE, row: id, column: 'client_secret' };
    return {
      clientId,
      authMethod,
      clientSecret: clientSecret === null ? undefined : await this.sealer.open(clientSecret, at),
    };
  }
}

function preRegistered({ config, secrets }: OauthUpstream, server: ServerMetadata): OauthClient | undefined {
  const { client_id: clientId, token_endpoint_auth_method: wished } = config;
  if (clientId === undefined) return undefined;
  return { clientId, authMethod: wished ?? methodFor(secrets, server), ...secrets };
}

function methodFor(
  { clientSecret, privateKey }: OauthUpstream['secrets'],
  { token_endpoint_auth_methods_supported: supported = ['client_secret_basic'] }: ServerMetadata,
): ClientAuthMethod {
  if (privateKey !== undefined) return 'private_key_jwt';
  if (clientSecret === undefined) return 'none';
  return !supported.includes('client_secret_basic') && supported.includes('client_secret_post')
    ? 'client_secret_post'
    : 'client_secret_basic';
}
