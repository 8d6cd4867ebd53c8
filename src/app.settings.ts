import { AuditSettings } from './audit/audit.settings.js';
import { AuthSettings } from './auth/auth.settings.js';
import { IssuerSettings } from './auth/issuers/issuer.settings.js';
import { WorkloadSettings } from './auth/workloads/workload.settings.js';
import { JwtSettings } from './auth/keys/jwt.settings.js';
import { RemoteKeySettings } from './auth/keys/remote/remote-key.settings.js';
import { PasswordSettings } from './auth/passwords/password.settings.js';
import { CredentialSettings } from './auth/credentials/credential.settings.js';
import { BoundSettings } from './auth/bound/bound.settings.js';
import { SsoLoginSettings } from './auth/login/sso-login.settings.js';
import { CookieSettings } from './auth/cookies/cookie.settings.js';
import { SessionSettings } from './auth/sessions/session.settings.js';
import { AuthEventSettings } from './auth/events/auth-event.settings.js';
import { LockoutSettings } from './auth/lockout/lockout.settings.js';
import type { AnySettings } from './config/settings.js';
import { DatabaseSettings } from './database/database.settings.js';
import { EgressSettings } from './egress/egress.settings.js';
import { StdioSettings } from './egress/stdio.settings.js';
import { FederationSettings } from './gateway-proxy/federation/federation.settings.js';
import { GateSettings } from './gateway-proxy/gate.settings.js';
import { McpSessionSettings } from './gateway-proxy/sessions/mcp-session.settings.js';
import { ValidationSettings } from './http/fields/validation.settings.js';
import { HttpSettings } from './http/http.settings.js';
import { MailSettings } from './mail/mail.settings.js';
import { RateLimitSettings } from './limits/rate-limit.settings.js';
import { LogSettings } from './operations/log.settings.js';
import { OauthSettings } from './oauth/oauth.settings.js';
import { PluginsSettings } from './plugins/plugins.settings.js';
import { CheckLogSettings } from './rbac/checks/check-log.settings.js';
import { RbacSettings } from './rbac/rbac.settings.js';
import { RedisSettings } from './redis/redis.settings.js';
import { ContentSettings } from './registry/content.settings.js';
import { IdentitySettings } from './registry/identity/identity.settings.js';
import { PassthroughSettings } from './registry/passthrough/passthrough.settings.js';
import { RegistrySettings } from './registry/registry.settings.js';
import { ToolSearchSettings } from './registry/servers/tool-search.settings.js';
import { ScimSettings } from './scim/scim.settings.js';
import { SSO_SETTINGS } from './sso/sso-settings.js';
import { TeamsSettings } from './teams/teams.settings.js';
import { TokensSettings } from './tokens/tokens.settings.js';
import { AwsSettings } from './vault/backends/aws-kms/aws.settings.js';
import { AzureSettings } from './vault/backends/azure-key-vault/azure.settings.js';
import { KeyFileSettings } from './vault/backends/file/key-file.settings.js';
import { GcpSettings } from './vault/backends/gcp-kms/gcp.settings.js';
import { KeyStoreSettings } from './vault/backends/key-store.settings.js';
import { Pkcs11Settings } from './vault/backends/pkcs11/pkcs11.settings.js';
import { HashicorpSettings } from './vault/backends/vault-transit/hashicorp.settings.js';
import { ReferenceSettings } from './vault/references/reference.settings.js';
import { VaultSettings } from './vault/vault.settings.js';

/** Every settings class, in the order of the reference. */
export const SETTINGS: readonly AnySettings[] = [
  HttpSettings,
  ValidationSettings,
  DatabaseSettings,
  RedisSettings,
  AuthSettings,
  JwtSettings,
  RemoteKeySettings,
  IssuerSettings,
  WorkloadSettings,
  PasswordSettings,
  MailSettings,
  CredentialSettings,
  BoundSettings,
  RateLimitSettings,
  SessionSettings,
  CookieSettings,
  LockoutSettings,
  AuthEventSettings,
  SsoLoginSettings,
  ...SSO_SETTINGS,
  TokensSettings,
  VaultSettings,
  KeyStoreSettings,
  KeyFileSettings,
  HashicorpSettings,
  AwsSettings,
  GcpSettings,
  AzureSettings,
  Pkcs11Settings,
  ReferenceSettings,
  TeamsSettings,
  ScimSettings,
  RbacSettings,
  CheckLogSettings,
  EgressSettings,
  StdioSettings,
  RegistrySettings,
  ContentSettings,
  PassthroughSettings,
  IdentitySettings,
  OauthSettings,
  GateSettings,
  McpSessionSettings,
  FederationSettings,
  ToolSearchSettings,
  PluginsSettings,
  AuditSettings,
  LogSettings,
];
