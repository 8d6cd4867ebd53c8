import { choice, optional, secret, text } from '../../../config/setting.js';
import { settings } from '../../../config/settings.js';
import { STORE_URL } from '../store-url.js';

export class AzureSettings extends settings(
  'Azure',
  {
    tenantId: optional('AZURE_TENANT_ID', 'The tenant of the application that the gateway is there.', {
      pattern: /^[\w.-]+$/,
    }),
    clientId: optional('AZURE_CLIENT_ID', 'The client id of that application.'),
    clientSecret: secret('AZURE_CLIENT_SECRET', 'Its secret; or else AZURE_FEDERATED_TOKEN_FILE.'),
    tokenFile: optional(
      'AZURE_FEDERATED_TOKEN_FILE',
      'The file with a token that the application trusts (workload identity), read anew each time.',
    ),
    authority: text(
      'AZURE_AUTHORITY_HOST',
      'https://login.microsoftonline.com',
      'Where tokens are had; other clouds have other places.',
      STORE_URL,
    ),
    vault: optional(
      'AZURE_KEY_VAULT_URL',
      'The vault of keys and secrets: `https://example.vault.azure.net`.',
      STORE_URL,
    ),
    scope: text(
      'AZURE_KEY_VAULT_SCOPE',
      'https://vault.azure.net/.default',
      'What a token is asked for; other clouds have other names.',
    ),
    key: optional(
      'AZURE_KEY_VAULT_KEY',
      'The name of the key that wraps data keys, with KEY_BACKEND=azure-key-vault.',
      {
        pattern: /^[0-9A-Za-z-]{1,127}$/,
        rule: 'must be the name of a key: letters, digits and "-"',
      },
    ),
    algorithm: choice(
      'AZURE_KEY_VAULT_ALGORITHM',
      ['RSA-OAEP-256', 'A256KW'],
      'RSA-OAEP-256',
      'How it wraps: A256KW is for keys of a managed HSM.',
    ),
  },
  ({ vault, tenantId, clientId, clientSecret, tokenFile }) => {
    if (vault === undefined) return [];
    return [
      ...(tenantId === undefined ? ['AZURE_TENANT_ID is required with AZURE_KEY_VAULT_URL'] : []),
      ...(clientId === undefined ? ['AZURE_CLIENT_ID is required with AZURE_KEY_VAULT_URL'] : []),
      ...(clientSecret || tokenFile !== undefined
        ? []
        : ['AZURE_CLIENT_SECRET or AZURE_FEDERATED_TOKEN_FILE is required with AZURE_KEY_VAULT_URL']),
    ];
  },
) {}
