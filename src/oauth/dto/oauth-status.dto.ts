import type { GrantType } from '../../registry/gateways/oauth-config.js';

/** How a gateway gets its tokens, and whether it has one of the caller. */
export class OauthStatusDto {
  oauth_enabled: boolean;
  grant_type?: GrantType;
  scopes?: string[];
  /** Where to connect, signed in as the same user. */
  authorization_url?: string;
  /** Where the authorization server sends users back to: register it there, whole, for a `client_id` of yours. */
  redirect_uri?: string;
  /** Whether the caller has consented; absent where nobody has to. */
  connected?: boolean;
  message: string;
}

export class FetchedToolsDto {
  success: true;
  message: string;
}
