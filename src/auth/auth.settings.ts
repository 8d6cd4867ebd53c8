import { flag, integer, optional, text } from '../config/setting.js';
import { settings } from '../config/settings.js';
import { MAIL_ADDRESS } from '#libs/fields';
import { adminPassword } from './accounts/admin-password.js';

export class AuthSettings extends settings('Authentication', {
  issuer: text('JWT_ISSUER', 'mcpgateway', 'The `iss` of every token.'),
  audience: text('JWT_AUDIENCE', 'mcpgateway-api', 'The `aud` of every token.'),
  issuerVerification: flag('JWT_ISSUER_VERIFICATION', true, 'Refuse tokens whose `iss` is not JWT_ISSUER.'),
  audienceVerification: flag(
    'JWT_AUDIENCE_VERIFICATION',
    true,
    'Refuse tokens whose `aud` is not JWT_AUDIENCE, and it alone.',
  ),
  tokenExpiryMinutes: integer('TOKEN_EXPIRY', 20, { min: 5, max: 1440 }, 'How long a session token lives, minutes.'),
  requireExpiration: flag(
    'REQUIRE_TOKEN_EXPIRATION',
    true,
    'Refuse tokens without `exp`, and API tokens that would never expire.',
  ),
  requireJti: flag('REQUIRE_JTI', true, 'Refuse tokens without `jti`; one without can’t be revoked.'),
  requireUserInDb: flag(
    'REQUIRE_USER_IN_DB',
    true,
    'Refuse signed tokens whose user is not in the database. When false, PLATFORM_ADMIN_EMAIL is an administrator even without a row.',
  ),
  embedEnvironment: flag('EMBED_ENVIRONMENT_IN_TOKENS', true, 'Put ENVIRONMENT into the `env` claim.'),
  validateEnvironment: flag(
    'VALIDATE_TOKEN_ENVIRONMENT',
    true,
    'Refuse tokens whose `env` is another environment; tokens without it pass.',
  ),
  cacheSeconds: integer(
    'AUTH_CACHE_USER_TTL',
    60,
    { min: 1, max: 300 },
    'How long a verified token is remembered, seconds. Revocation and changes of users drop it at once.',
  ),
  argon2TimeCost: integer('ARGON2ID_TIME_COST', 3, { min: 1, max: 16 }, 'Argon2id passes.'),
  argon2MemoryCost: integer('ARGON2ID_MEMORY_COST', 65_536, { min: 8192, max: 1_048_576 }, 'Argon2id memory, KiB.'),
  argon2Parallelism: integer('ARGON2ID_PARALLELISM', 1, { min: 1, max: 16 }, 'Argon2id lanes.'),
  adminEmail: text(
    'PLATFORM_ADMIN_EMAIL',
    'admin@example.com',
    'The first administrator, created when there is none.',
    {
      pattern: MAIL_ADDRESS,
      rule: 'must be an e-mail address',
    },
  ),
  adminPassword: adminPassword('PLATFORM_ADMIN_PASSWORD', 'The password of the first administrator; used once.'),
  adminFullName: optional('PLATFORM_ADMIN_FULL_NAME', 'The full name of the first administrator.'),
}) {}
