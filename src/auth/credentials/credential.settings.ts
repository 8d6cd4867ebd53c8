import { Secret } from '../../config/secret.js';
import { secretWeakness } from '../../config/secret-weakness.js';
import { flag, secret, text } from '../../config/setting.js';
import { type Loaded, settings, type Values } from '../../config/settings.js';
import { HttpSettings } from '../../http/http.settings.js';

/** Headers with a meaning of their own can't name the caller. */
const TAKEN = /^(authorization|proxy-authorization|cookie|host|origin|referer|user-agent|forwarded|x-forwarded-\w+)$/i;

const SHAPE = {
  authRequired: flag(
    'AUTH_REQUIRED',
    true,
    'When false, callers without a credential may read public tools, resources and prompts over REST. Everything else still needs one.',
  ),
  mcpRequireAuth: flag(
    'MCP_REQUIRE_AUTH',
    true,
    'When false, callers without a credential may use what is public on the MCP endpoints.',
  ),
  mcpClientAuth: flag(
    'MCP_CLIENT_AUTH_ENABLED',
    true,
    'Clients bring their own tokens. False says that a proxy in front knows them: it needs TRUST_PROXY_AUTH. Tokens are taken all the same.',
  ),
  trustProxyAuth: flag(
    'TRUST_PROXY_AUTH',
    false,
    'Believe PROXY_USER_HEADER when it comes from an address of TRUSTED_PROXIES, with MCP_CLIENT_AUTH_ENABLED=false.',
  ),
  proxyUserHeader: text(
    'PROXY_USER_HEADER',
    'X-Authenticated-User',
    'The header in which such a proxy names the caller by e-mail.',
    {
      pattern: /^[A-Za-z][A-Za-z0-9-]{0,63}$/,
      check: (value) => !TAKEN.test(value),
      rule: 'must be the name of a header that means nothing else',
    },
  ),
  apiAllowBasic: flag('API_ALLOW_BASIC_AUTH', false, 'Take HTTP Basic on the REST API; never on MCP endpoints.'),
  docsAllowBasic: flag('DOCS_ALLOW_BASIC_AUTH', false, 'Take HTTP Basic on /docs and /openapi.json.'),
  basicUser: text(
    'BASIC_AUTH_USER',
    'admin',
    'The user name of HTTP Basic; it acts as the account of PLATFORM_ADMIN_EMAIL.',
    {
      pattern: /^[^:\p{Cc}]{1,191}$/u,
      rule: 'must have 1 to 191 characters without a colon',
    },
  ),
  basicPassword: {
    ...secret('BASIC_AUTH_PASSWORD', 'The password of HTTP Basic, at least 32 random characters. It has no default.'),
    read: (value: string) => {
      const weakness = secretWeakness(value);
      if (weakness) throw new Error(weakness);
      return new Secret(value);
    },
  },
};

function contradictions(own: Values<typeof SHAPE>, earlier: Loaded): string[] {
  const http = earlier.get(HttpSettings) as HttpSettings | undefined;
  const faults: string[] = [];
  if ((own.apiAllowBasic || own.docsAllowBasic) && !own.basicPassword)
    faults.push('API_ALLOW_BASIC_AUTH and DOCS_ALLOW_BASIC_AUTH need BASIC_AUTH_PASSWORD; it has no default');
  if (own.trustProxyAuth && own.mcpClientAuth)
    faults.push('TRUST_PROXY_AUTH does nothing while MCP_CLIENT_AUTH_ENABLED is true; set that to false, or this');
  if (!own.trustProxyAuth && !own.mcpClientAuth)
    faults.push(
      'MCP_CLIENT_AUTH_ENABLED=false needs TRUST_PROXY_AUTH and TRUSTED_PROXIES; MCP_REQUIRE_AUTH=false is what lets callers in without a credential',
    );
  if (own.trustProxyAuth && http && !http.trustedProxies.known)
    faults.push(
      'TRUST_PROXY_AUTH needs the addresses of the proxies in TRUSTED_PROXIES; a number of them names nobody',
    );
  return faults;
}

export class CredentialSettings extends settings('Credentials', SHAPE, contradictions) {}
