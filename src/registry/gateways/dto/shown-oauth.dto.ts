import type { GatewayEntity } from '../gateway.entity.js';
import type { ClientAuthMethod, GrantType } from '../oauth-config.js';
import { named } from '../public-names.js';

/** As `oauth_config` is given, with masks for its secrets. */
export class ShownOauthDto {
  grant_type: GrantType;
  client_id?: string;
  /** `*****` where there is one, or the reference to it. */
  client_secret?: string;
  /** `*****` where there is one, or the reference to it. */
  private_key?: string;
  issuer?: string;
  authorization_url?: string;
  token_url?: string;
  scopes?: string[];
  resource?: string;
  send_resource?: boolean;
  audience?: string;
  token_endpoint_auth_method?: ClientAuthMethod;
}

/** `auth_names` has the names of the secrets that there are. */
export function shownOauth({ oauthConfig, authNames }: GatewayEntity): ShownOauthDto | null {
  if (!oauthConfig) return null;
  const { scopes, ...rest } = oauthConfig;
  const { clientSecret, privateKey } = Object.fromEntries(named(authNames).map(({ name, shown }) => [name, shown]));
  return {
    ...rest,
    ...(scopes && { scopes: [...scopes] }),
    ...(clientSecret !== undefined && { client_secret: clientSecret }),
    ...(privateKey !== undefined && { private_key: privateKey }),
  };
}
