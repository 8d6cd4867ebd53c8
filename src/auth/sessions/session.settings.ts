import { integer } from '../../config/setting.js';
import { settings } from '../../config/settings.js';

export class SessionSettings extends settings('Sessions', {
  idleMinutes: integer(
    'TOKEN_IDLE_TIMEOUT',
    60,
    { min: 5, max: 1440 },
    'A session that nobody used for so long is over, minutes. API tokens know no idleness.',
  ),
  lifetimeMinutes: integer(
    'SESSION_MAX_LIFETIME',
    480,
    { min: 5, max: 43_200 },
    'A session is over so long after the sign-in, however often it is refreshed, minutes.',
  ),
  refreshesPerMinute: integer(
    'SESSION_REFRESH_RATE_LIMIT',
    10,
    { min: 1, max: 1000 },
    'How often a session may be refreshed in a minute.',
  ),
  cleanupHours: integer(
    'TOKEN_BLOCKLIST_CLEANUP_HOURS',
    24,
    { min: 1, max: 168 },
    'How often sessions and revocations whose tokens have all expired are deleted, hours.',
  ),
}) {}
