import { choice, optional, secret, text } from '../../../config/setting.js';
import { settings } from '../../../config/settings.js';
import { STORE_URL } from '../store-url.js';

const PATH = { pattern: /^\w[\w.-]*(\/\w[\w.-]*)*$/, rule: 'must be a path of letters, digits, ".", "_" and "-"' };
const NAME = { pattern: /^\w[\w.-]*$/, rule: 'must be letters, digits, ".", "_" and "-"' };

export class HashicorpSettings extends settings(
  'HashiCorp Vault or OpenBao',
  {
    address: optional('VAULT_ADDR', 'Where it is: `https://vault.example.com:8200`.', STORE_URL),
    namespace: optional('VAULT_NAMESPACE', 'The namespace in which everything else is found.', PATH),
    authMethod: choice(
      'VAULT_AUTH_METHOD',
      ['token', 'approle', 'kubernetes'],
      'token',
      'How the gateway says who it is; a token is renewed for as long as Vault lets it.',
    ),
    authMount: optional('VAULT_AUTH_MOUNT', 'Where the method is mounted, when that is not its name.', PATH),
    token: secret('VAULT_TOKEN', 'For the method token.'),
    roleId: optional('VAULT_ROLE_ID', 'For the method approle.'),
    secretId: secret('VAULT_SECRET_ID', 'For the method approle.'),
    role: optional('VAULT_KUBERNETES_ROLE', 'For the method kubernetes.'),
    jwtFile: text(
      'VAULT_KUBERNETES_TOKEN_FILE',
      '/var/run/secrets/kubernetes.io/serviceaccount/token',
      'For the method kubernetes: the file with the token of the service account, read at each login.',
    ),
    transitMount: text('VAULT_TRANSIT_MOUNT', 'transit', 'Where the transit engine is mounted.', PATH),
    transitKey: optional(
      'VAULT_TRANSIT_KEY',
      'The transit key that wraps data keys, with KEY_BACKEND=vault-transit; of a type with authentication, such as aes256-gcm96.',
      NAME,
    ),
  },
  ({ address, authMethod, token, roleId, secretId, role }) => {
    if (address === undefined) return [];
    const missing = {
      token: token ? [] : ['VAULT_TOKEN'],
      approle: [...(roleId ? [] : ['VAULT_ROLE_ID']), ...(secretId ? [] : ['VAULT_SECRET_ID'])],
      kubernetes: role ? [] : ['VAULT_KUBERNETES_ROLE'],
    }[authMethod];
    return missing.map((name) => `${name} is required with VAULT_ADDR and VAULT_AUTH_METHOD=${authMethod}`);
  },
) {}
