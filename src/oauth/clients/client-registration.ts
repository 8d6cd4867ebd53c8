import { Injectable } from '@nestjs/common';
import type { ServerMetadata } from 'openid-client';
import type { OauthUpstream } from '../../registry/gateways/oauth-access.js';
import { CLIENT_AUTH_METHODS, type ClientAuthMethod } from '../../registry/gateways/oauth-config.js';
import { oauthFault } from '../oauth-fault.js';
import { OauthSettings } from '../oauth.settings.js';
import { ClientConfigurations } from './client-configurations.js';

/** What an authorization server says of a client that it has taken on (RFC 7591 section 3.2.1). */
export interface Registration {
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly authMethod: ClientAuthMethod;
  readonly accessToken: string | undefined;
  readonly url: string | undefined;
  readonly expiresAt: Date | null;
}

const LONGEST_NAME = 200;
const LONGEST_ID = 1024;
const LONGEST_SECRET = 4096;

/** Registers the gateway with authorization servers (RFC 7591). */
@Injectable()
export class ClientRegistration {
  constructor(
    private readonly configurations: ClientConfigurations,
    private readonly settings: OauthSettings,
  ) {}

  /** @throws GatewayError `oauth_failed` */
  async register(
    upstream: OauthUpstream,
    server: ServerMetadata,
    redirectUri: string,
    scopes: readonly string[] | undefined,
  ): Promise<Registration> {
    const { dcrEnabled, dcrAuto, dcrAllowedIssuers } = this.settings;
    const endpoint = server.registration_endpoint;
    if (!dcrEnabled || !dcrAuto || endpoint === undefined)
      throw oauthFault(`the gateway is not known at ${server.issuer} and cannot register itself there; set client_id`);
    if (dcrAllowedIssuers.length > 0 && !dcrAllowedIssuers.includes(server.issuer))
      throw oauthFault(`${server.issuer} is not in DCR_ALLOWED_ISSUERS`);
    const method = this.#method(server);
    const scope = scopes ?? this.settings.dcrDefaultScopes.filter((each) => server.scopes_supported?.includes(each));
    const body = {
      client_name: this.clientName(upstream.name),
      application_type: 'web',
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: method,
      ...(scope.length > 0 && { scope: scope.join(' ') }),
    };
    return read(await this.#post(upstream, endpoint, body), method);
  }

  /** Shown to users where they consent: no markup, and not without end. */
  clientName(gatewayName: string): string {
    const name = this.settings.clientNameTemplate.replaceAll('{gateway_name}', () => gatewayName);
    return name.replaceAll(/[<>&"'`\p{Control}]/gu, '').slice(0, LONGEST_NAME);
  }

  #method({ token_endpoint_auth_methods_supported: supported }: ServerMetadata): ClientAuthMethod {
    const ours: readonly ClientAuthMethod[] = [
      this.settings.dcrAuthMethod,
      'client_secret_basic',
      'client_secret_post',
      'none',
    ];
    // RFC 8414 section 2: without the member, it is Basic.
    return ours.find((method) => (supported ?? ['client_secret_basic']).includes(method)) ?? 'client_secret_basic';
  }

  async #post(upstream: OauthUpstream, endpoint: string, body: object): Promise<Record<string, unknown>> {
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    try {
      const answer = await this.configurations.fetchFor(upstream)(endpoint, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      const said: unknown = await answer.json();
      if ((answer.status !== 200 && answer.status !== 201) || typeof said !== 'object' || said === null)
        throw new Error(`it answered ${answer.status}`);
      return said as Record<string, unknown>;
    } catch (error) {
      throw oauthFault('the authorization server did not register the gateway; set client_id', error);
    }
  }
}

function read(said: Record<string, unknown>, asked: ClientAuthMethod): Registration {
  const clientId = text(said['client_id'], LONGEST_ID);
  if (clientId === undefined) throw oauthFault('the authorization server registered the gateway without a client_id');
  const clientSecret = text(said['client_secret'], LONGEST_SECRET);
  const given = CLIENT_AUTH_METHODS.find((method) => method === said['token_endpoint_auth_method']) ?? asked;
  const expires = said['client_secret_expires_at'];
  return {
    clientId,
    clientSecret,
    authMethod: clientSecret === undefined ? 'none' : given,
    accessToken: text(said['registration_access_token'], LONGEST_SECRET),
    url: text(said['registration_client_uri'], 2048),
    expiresAt: Number.isSafeInteger(expires) && Number(expires) > 0 ? new Date(Number(expires) * 1000) : null,
  };
}

const text = (value: unknown, longest: number): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= longest ? value : undefined;
