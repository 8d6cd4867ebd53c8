import type { SsoProviderDto } from './dto/sso-provider.dto.js';
import { speaksOidc } from './provider-kind.js';
import type { SsoProvider } from './sso-provider.entity.js';

/** A provider as administrators see it: never its secret, in whatever form. */
export const shownProvider = (row: SsoProvider, callbackUrl: string): SsoProviderDto => ({
  id: row.id,
  name: row.id,
  kind: row.kind,
  provider_type: speaksOidc(row) ? 'oidc' : 'oauth2',
  display_name: row.displayName,
  client_id: row.clientId,
  has_client_secret: row.clientSecret !== null,
  issuer: row.issuer,
  authorization_url: row.authorizationUrl,
  token_url: row.tokenUrl,
  userinfo_url: row.userinfoUrl,
  jwks_uri: row.jwksUri,
  scope: row.scope,
  auto_create_users: row.autoCreateUsers,
  is_enabled: row.isEnabled,
  from_settings: row.fromSettings,
  ...row.options,
  trusted_domains: [...row.options.trusted_domains],
  verified_domains: [...row.options.verified_domains],
  admin_groups: [...row.options.admin_groups],
  callback_url: callbackUrl,
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
});
