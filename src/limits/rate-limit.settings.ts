import { flag, integer } from '../config/setting.js';
import { settings } from '../config/settings.js';

const RANGE = { min: 1, max: 100_000 };

export class RateLimitSettings extends settings('Rate limits', {
  enabled: flag(
    'RATE_LIMITING_ENABLED',
    true,
    'Limit how often one address, and one user, may call the routes that sign in and that manage credentials.',
  ),
  critical: integer(
    'RATE_LIMIT_CRITICAL_PER_MINUTE',
    10,
    RANGE,
    'Calls a minute to each route that takes a password or sends mail: login, registration, forgotten and new passwords, new teams and invitations.',
  ),
  high: integer(
    'RATE_LIMIT_HIGH_PER_MINUTE',
    30,
    RANGE,
    'Calls a minute to each route that manages tokens, sessions or accounts.',
  ),
}) {}
