import { integer } from '../config/setting.js';
import { settings } from '../config/settings.js';

export class TokensSettings extends settings('API tokens', {
  maxExpiryDays: integer(
    'TOKEN_MAX_EXPIRY_DAYS',
    365,
    { min: 1, max: 3650 },
    'Longest life that an API token may be given, days.',
  ),
  lastUsedMinutes: integer(
    'TOKEN_LAST_USED_UPDATE_INTERVAL_MINUTES',
    5,
    { min: 1, max: 1440 },
    'How often `last_used` of an API token in use is written, minutes.',
  ),
}) {}
