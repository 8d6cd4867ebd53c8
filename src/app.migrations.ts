import { IdentityAndUsage1764000000001 } from './database/migrations/1764000000001-identity-and-usage.js';
import { Registry1764000000002 } from './database/migrations/1764000000002-registry.js';
import { Authentication1764000000003 } from './database/migrations/1764000000003-authentication.js';
import { Teams1764000000004 } from './database/migrations/1764000000004-teams.js';
import { Access1764000000005 } from './database/migrations/1764000000005-access.js';
import { KeptItems1764000000006 } from './database/migrations/1764000000006-kept-items.js';
import { AuditTrail1764000000007 } from './database/migrations/1764000000007-audit-trail.js';
import { OauthServers1764000000008 } from './database/migrations/1764000000008-oauth-servers.js';
import { ToolSearch1764000000010 } from './database/migrations/1764000000010-tool-search.js';
import { Plugins1764000000011 } from './database/migrations/1764000000011-plugins.js';
import { ToolIntegrity1764000000012 } from './database/migrations/1764000000012-tool-integrity.js';
import { Vault1764000000013 } from './database/migrations/1764000000013-vault.js';
import { UpstreamTrust1764000000014 } from './database/migrations/1764000000014-upstream-trust.js';
import { SingleSignOn1764000000015 } from './database/migrations/1764000000015-single-sign-on.js';
import { Scim1764000000016 } from './database/migrations/1764000000016-scim.js';
import { UpstreamOauth1764000000017 } from './database/migrations/1764000000017-upstream-oauth.js';
import { BoundTokens1764000000018 } from './database/migrations/1764000000018-bound-tokens.js';
import { InactiveOrigin1764000000020 } from './database/migrations/1764000000020-inactive-origin.js';
import type { MigrationClass } from './database/schema-lists.js';

/** Every migration of the application; the 13 digits at the end of each name give the order. */
export const MIGRATIONS: readonly MigrationClass[] = [
  IdentityAndUsage1764000000001,
  Registry1764000000002,
  Authentication1764000000003,
  Teams1764000000004,
  Access1764000000005,
  KeptItems1764000000006,
  AuditTrail1764000000007,
  OauthServers1764000000008,
  ToolSearch1764000000010,
  Plugins1764000000011,
  ToolIntegrity1764000000012,
  Vault1764000000013,
  UpstreamTrust1764000000014,
  SingleSignOn1764000000015,
  Scim1764000000016,
  UpstreamOauth1764000000017,
  BoundTokens1764000000018,
  InactiveOrigin1764000000020,
];
