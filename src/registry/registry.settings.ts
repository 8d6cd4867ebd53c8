import { choice, flag, integer } from '../config/setting.js';
import { settings } from '../config/settings.js';

export class RegistrySettings extends settings('Registry', {
  nameSeparator: choice(
    'GATEWAY_TOOL_NAME_SEPARATOR',
    ['-', '--', '_', '.'],
    '-',
    'What stands between the slug of a gateway and the name of its tool or prompt.',
  ),
  healthIntervalSeconds: integer(
    'HEALTH_CHECK_INTERVAL',
    60,
    { min: 1, max: 86_400 },
    'Seconds between two health checks of an upstream, a tenth more or less.',
  ),
  healthTimeoutSeconds: integer(
    'HEALTH_CHECK_TIMEOUT',
    5,
    { min: 1, max: 300 },
    'Seconds an upstream has to answer a health check.',
  ),
  unhealthyThreshold: integer(
    'UNHEALTHY_THRESHOLD',
    3,
    { min: 1, max: 100 },
    'Failed health checks in a row after which an upstream counts as unreachable.',
  ),
  staleLimitSeconds: integer(
    'GATEWAY_STALE_LIMIT',
    3600,
    { min: 0, max: 2_592_000 },
    'Seconds since an unreachable upstream last answered after which what it offers leaves the lists; 0 for never.',
  ),
  uniqueUrls: flag(
    'GATEWAY_UNIQUE_URLS',
    true,
    'Refuse a gateway without a credential whose team or owner has one at the same URL already.',
  ),
  defaultPageSize: integer('PAGINATION_DEFAULT_PAGE_SIZE', 50, { min: 1, max: 500 }, 'Rows of a list without `limit`.'),
  connectTimeoutSeconds: integer(
    'GATEWAY_CONNECT_TIMEOUT',
    30,
    { min: 1, max: 300 },
    'Seconds for all of the traffic with an upstream at registration or refresh.',
  ),
}) {}
