import { AuditTrailRow } from './audit/trail/audit-trail.entity.js';
import { UsageLogRow } from './audit/usage-log.entity.js';
import { TokenRevocation } from './auth/jwt/token-revocation.entity.js';
import { AuthEvent } from './auth/events/auth-event.entity.js';
import { FormerPassword } from './auth/passwords/password-history.entity.js';
import { PasswordReset } from './auth/passwords/password-reset.entity.js';
import { UserSession } from './auth/sessions/user-session.entity.js';
import { User } from './auth/accounts/user.entity.js';
import type { EntityClass } from './database/schema-lists.js';
import { SigningKeyRow } from './auth/keys/signing-key.entity.js';
import { RBAC_ENTITIES } from './rbac/rbac.entities.js';
import { REGISTRY_ENTITIES } from './registry/registry.entities.js';
import { SCIM_ENTITIES } from './scim/scim.entities.js';
import { SSO_ENTITIES } from './sso/sso.entities.js';
import { OAUTH_ENTITIES } from './oauth/oauth.entities.js';
import { TEAM_ENTITIES } from './teams/teams.entities.js';
import { PLUGIN_ENTITIES } from './plugins/plugin.entities.js';
import { ApiToken } from './tokens/api-token.entity.js';
import { VAULT_ENTITIES } from './vault/vault.entities.js';

/** Every entity of the application. */
export const ENTITIES: readonly EntityClass[] = [
  User,
  UserSession,
  FormerPassword,
  PasswordReset,
  AuthEvent,
  SigningKeyRow,
  ...VAULT_ENTITIES,
  ...TEAM_ENTITIES,
  ...RBAC_ENTITIES,
  TokenRevocation,
  ApiToken,
  ...SCIM_ENTITIES,
  ...SSO_ENTITIES,
  UsageLogRow,
  AuditTrailRow,
  ...REGISTRY_ENTITIES,
  ...OAUTH_ENTITIES,
  ...PLUGIN_ENTITIES,
];
