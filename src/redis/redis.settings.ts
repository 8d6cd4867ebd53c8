import { choice, integer, optional, text } from '../config/setting.js';
import { settings } from '../config/settings.js';
import { redisUrl } from './redis-url.js';

export class RedisSettings extends settings('State shared by replicas', {
  url: redisUrl(
    'REDIS_URL',
    'The Redis that replicas share: `redis://user:password@host:6379/0`, or `rediss://` for TLS, which is always verified. One replica alone needs none. A secret, because it may carry a password.',
  ),
  cacheType: choice(
    'CACHE_TYPE',
    ['auto', 'redis', 'memory'],
    'auto',
    'Where counters and the announcements of changes live. `auto` is Redis when REDIS_URL is set; `redis` refuses a start without it; `memory` uses none, which is right for one replica only.',
  ),
  prefix: text(
    'REDIS_KEY_PREFIX',
    'mcpgw:',
    'What every key and channel begins with. Replicas share what they count only under one prefix.',
    {
      aliases: ['CACHE_PREFIX'],
      pattern: /^[\w:.-]{1,64}$/,
      rule: 'must be 1 to 64 letters, digits, or any of _ : . -',
    },
  ),
  tlsCa: optional('REDIS_TLS_CA', 'Path of the PEM file with the authorities to trust instead of the system ones.'),
  commandTimeoutMs: integer(
    'REDIS_COMMAND_TIMEOUT_MS',
    500,
    { min: 50, max: 10_000 },
    'Longest wait for an answer of Redis, milliseconds. After it, the call is answered as if Redis were away.',
  ),
}) {}
