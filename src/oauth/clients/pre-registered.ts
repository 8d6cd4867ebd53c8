import type { ServerMetadata } from 'openid-client';
import type { OauthUpstream } from '../../registry/gateways/oauth-access.js';
import type { ClientAuthMethod } from '../../registry/gateways/oauth-config.js';
import type { OauthClient } from './oauth-client.js';

/** The client that the operator says; undefined when there is none. */
export function preRegistered({ config, secrets }: OauthUpstream, server: ServerMetadata): OauthClient | undefined {
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
