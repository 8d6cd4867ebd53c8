import { fraction, integer } from '../../config/setting.js';
import { settings } from '../../config/settings.js';

export class FederationSettings extends settings('Federation', {
  circuitThreshold: integer(
    'CIRCUIT_BREAKER_THRESHOLD',
    5,
    { min: 0, max: 1000 },
    'Outages of an upstream in a row (unreachable, silent, 5xx) that open its circuit: it is not asked then; 0 for never.',
  ),
  circuitOpenSeconds: integer(
    'CIRCUIT_BREAKER_OPEN_SECONDS',
    10,
    { min: 1, max: 3600 },
    'Seconds until an open circuit lets one call through to see whether the upstream is back, a fifth more or less.',
  ),
  retryMaxAttempts: integer(
    'RETRY_MAX_ATTEMPTS',
    3,
    { min: 1, max: 10 },
    'Tries of a call that may be repeated, the first included. A tool that may have run is never called again.',
  ),
  retryBaseDelaySeconds: fraction(
    'RETRY_BASE_DELAY',
    0.2,
    'Seconds before the second try; each further one waits twice as long.',
  ),
  retryMaxDelaySeconds: integer(
    'RETRY_MAX_DELAY',
    5,
    { min: 0, max: 60 },
    'Longest pause before another try, seconds; an upstream whose `Retry-After` is longer is not asked again.',
  ),
  retryJitter: fraction('RETRY_JITTER_MAX', 0.5, 'Share of a pause that chance may add to it.'),
  toolRateLimit: integer(
    'TOOL_RATE_LIMIT',
    100,
    { min: 0, max: 1_000_000_000 },
    'Calls a minute of one tool by one user, on each replica; 0 for no limit. All that is saved up may be used at once.',
  ),
  toolConcurrentLimit: integer(
    'TOOL_CONCURRENT_LIMIT',
    10,
    { min: 0, max: 1_000_000 },
    'Calls of one tool by one user that run at the same time, on each replica; 0 for no limit.',
  ),
}) {}
