import { UsageLogRow } from './audit/usage-log.entity.js';
import { TokenRevocation } from './auth/token-revocation.entity.js';
import { User } from './auth/user.entity.js';
import type { EntityClass } from './database/schema-lists.js';
import { REGISTRY_ENTITIES } from './registry/registry.entities.js';
import { ApiToken } from './tokens/api-token.entity.js';

/** Every entity of the application. */
export const ENTITIES: readonly EntityClass[] = [User, TokenRevocation, ApiToken, UsageLogRow, ...REGISTRY_ENTITIES];
