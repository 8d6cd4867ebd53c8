import { integer } from '../../config/setting.js';
import { settings } from '../../config/settings.js';

export class AuthEventSettings extends settings('Auth events', {
  retentionDays: integer(
    'AUTH_EVENT_RETENTION_DAYS',
    365,
    { min: 1, max: 3650 },
    'How long logins, changes and locks of accounts are kept, days.',
  ),
  failuresPerHour: integer(
    'AUTH_EVENT_FAILURES_PER_HOUR',
    100,
    { min: 1, max: 1_000_000 },
    'Failed sign-ins of one source address that are written down in an hour; more are only counted.',
  ),
}) {}
