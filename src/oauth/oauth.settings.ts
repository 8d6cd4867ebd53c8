import { parseUrl } from '#libs/egress';
import { choice, flag, integer, list, optional, text } from '../config/setting.js';
import { settings } from '../config/settings.js';

const issuerFault = (item: string): string | undefined => (parseUrl(item) ? undefined : 'is no URL');

export class OauthSettings extends settings('OAuth of upstreams', {
  allowHttp: flag(
    'OAUTH_ALLOW_HTTP',
    false,
    'Authorization servers of upstreams may be reached by http. For trials on one machine only.',
  ),
  timeoutSeconds: integer(
    'OAUTH_REQUEST_TIMEOUT',
    30,
    { min: 1, max: 300 },
    'Seconds an authorization server has to answer.',
  ),
  maxRetries: integer(
    'OAUTH_MAX_RETRIES',
    3,
    { min: 0, max: 5 },
    'How often a request that did not reach its authorization server is tried again, after 1, 2, 4 … seconds.',
  ),
  clientMetadataUrl: optional(
    'OAUTH_CLIENT_METADATA_URL',
    'Where authorization servers find the client metadata document of the gateway, and so its client_id there. Without it, `/oauth/client.json` below APP_DOMAIN when that is https.',
    { pattern: /^https:\/\/[^/?#@]+\/[^?#]+$/, rule: 'must be an https URL with a path' },
  ),
  dcrEnabled: flag('DCR_ENABLED', true, 'Register with authorization servers of upstreams (RFC 7591).', {
    aliases: ['MCPGATEWAY_DCR_ENABLED'],
  }),
  dcrAuto: flag(
    'DCR_AUTO_REGISTER_ON_MISSING_CREDENTIALS',
    true,
    'Register when a user connects to an upstream for which there is no client_id.',
    { aliases: ['MCPGATEWAY_DCR_AUTO_REGISTER_ON_MISSING_CREDENTIALS'] },
  ),
  dcrDefaultScopes: list(
    'DCR_DEFAULT_SCOPES',
    ['mcp:read'],
    'Scopes to register for where neither the gateway nor the upstream names any.',
    undefined,
    { aliases: ['MCPGATEWAY_DCR_DEFAULT_SCOPES'] },
  ),
  dcrAllowedIssuers: list(
    'DCR_ALLOWED_ISSUERS',
    [],
    'Authorization servers to register with, byte for byte; any when empty.',
    issuerFault,
    { aliases: ['MCPGATEWAY_DCR_ALLOWED_ISSUERS'] },
  ),
  dcrAuthMethod: choice(
    'DCR_TOKEN_ENDPOINT_AUTH_METHOD',
    ['client_secret_basic', 'client_secret_post', 'none'],
    'client_secret_basic',
    'How to authenticate as a registered client, where the authorization server takes it.',
    { aliases: ['MCPGATEWAY_DCR_TOKEN_ENDPOINT_AUTH_METHOD'] },
  ),
  metadataSeconds: integer(
    'DCR_METADATA_CACHE_TTL',
    3600,
    { min: 0, max: 86_400 },
    'Seconds for which the metadata of an authorization server is kept.',
    { aliases: ['MCPGATEWAY_DCR_METADATA_CACHE_TTL'] },
  ),
  clientNameTemplate: text(
    'DCR_CLIENT_NAME_TEMPLATE',
    'MCP Gateway ({gateway_name})',
    'The client_name to register under.',
    {
      pattern: /^[^<>\p{Control}]{1,200}$/u,
      rule: 'must be 1 to 200 characters without < and >',
      aliases: ['MCPGATEWAY_DCR_CLIENT_NAME_TEMPLATE'],
    },
  ),
}) {}
