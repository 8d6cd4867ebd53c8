import type { ClientAuthMethod } from '../../registry/gateways/oauth-config.js';

/** As whom the gateway asks an authorization server. */
export interface OauthClient {
  readonly clientId: string;
  readonly authMethod: ClientAuthMethod;
  readonly clientSecret?: string | undefined;
  /** PKCS #8, PEM. */
  readonly privateKey?: string | undefined;
}
