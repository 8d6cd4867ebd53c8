import { flag, fraction, integer } from '../../config/setting.js';
import { settings } from '../../config/settings.js';

export class CheckLogSettings extends settings('Permission audit log', {
  enabled: flag(
    'PERMISSION_AUDIT_ENABLED',
    true,
    'Whether decisions are written down: every denial, every bypass of an administrator, and a share of what roles allowed.',
  ),
  allowRate: fraction(
    'PERMISSION_AUDIT_ALLOW_SAMPLE_RATE',
    0.01,
    'The share of what roles allowed that is written down: 0 for none, 1 for all.',
  ),
  deniedPerMinute: integer(
    'PERMISSION_AUDIT_DENIED_PER_MINUTE',
    600,
    { min: 1, max: 1_000_000 },
    'Denials a minute that are written down for one credential: who holds one can’t fill the table. `GET /version` counts the others.',
  ),
  flushMs: integer(
    'PERMISSION_AUDIT_FLUSH_MS',
    200,
    { min: 1, max: 10_000 },
    'Longest a decision waits before it is written, milliseconds.',
  ),
  queue: integer(
    'PERMISSION_AUDIT_QUEUE',
    20_000,
    { min: 100, max: 1_000_000 },
    'Decisions that may wait for the database before what roles allowed is left out; denials and bypasses have as much room again.',
  ),
  retentionDays: integer(
    'PERMISSION_AUDIT_RETENTION_DAYS',
    90,
    { min: 1, max: 3650 },
    'How long decisions are kept, days.',
  ),
}) {}
