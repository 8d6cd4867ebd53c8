import { integer } from '../config/setting.js';
import { settings } from '../config/settings.js';

export class AuditSettings extends settings('Usage log and audit trail', {
  usageFlushMs: integer(
    'TOKEN_USAGE_FLUSH_MS',
    200,
    { min: 1, max: 10_000 },
    'Longest a usage row waits before it is written, milliseconds.',
  ),
  usageQueue: integer(
    'TOKEN_USAGE_QUEUE',
    20_000,
    { min: 100, max: 1_000_000 },
    'Usage rows that may wait for the database before new calls are held back.',
  ),
  usageWaitMs: integer(
    'TOKEN_USAGE_WAIT_MS',
    2000,
    { min: 0, max: 60_000 },
    'How long a call waits for room in that queue before it is refused with 503, milliseconds.',
  ),
  anonymousPerMinute: integer(
    'TOKEN_USAGE_ANONYMOUS_PER_MINUTE',
    60,
    { min: 0, max: 100_000 },
    'Usage rows a minute for callers without a credential, where MCP_REQUIRE_AUTH or AUTH_REQUIRED lets them in: strangers can’t fill the table.',
  ),
  refusedPerMinute: integer(
    'TOKEN_USAGE_REFUSED_PER_MINUTE',
    600,
    { min: 0, max: 100_000 },
    'Usage rows a minute for tokens of ours that have ended (revoked, switched off, their user disabled): who holds one can’t fill the table.',
  ),
  usageRetentionDays: integer(
    'TOKEN_USAGE_RETENTION_DAYS',
    90,
    { min: 1, max: 3650 },
    'How long usage rows are kept, days.',
  ),
  trailRetentionDays: integer(
    'AUDIT_TRAIL_RETENTION_DAYS',
    365,
    { min: 1, max: 3650 },
    'How long it is kept who changed which roles, policies and configuration, days.',
  ),
}) {}
