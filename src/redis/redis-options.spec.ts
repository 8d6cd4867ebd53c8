import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../test/fixtures/settings-of.js';
import { redisOptions } from './redis-options.js';
import { RedisSettings } from './redis.settings.js';

const optionsOf = (variables: Readonly<Record<string, string>>) => redisOptions(settingsOf(RedisSettings, variables));

describe(redisOptions.name, () => {
  it('uses no Redis unless it is told where one is', () => {
    expect(optionsOf({})).toBeUndefined();
    expect(optionsOf({ REDIS_URL: 'redis://cache', CACHE_TYPE: 'memory' })).toBeUndefined();
    expect(() => optionsOf({ CACHE_TYPE: 'redis' })).toThrow('CACHE_TYPE redis needs REDIS_URL');
  });

  it('reads the parts of a URL', () => {
    expect(optionsOf({ REDIS_URL: 'redis://cache' })).toMatchObject({ host: 'cache', port: 6379, db: 0 });
    const all = optionsOf({ REDIS_URL: 'redis://ann:p%40ss%2Fword@[::1]:6380/7', CACHE_TYPE: 'redis' });
    expect(all).toMatchObject({ host: '::1', port: 6380, db: 7, username: 'ann', password: 'p@ss/word' });
    expect(all).not.toHaveProperty('tls');
  });

  it('verifies whom it speaks TLS with', () => {
    const options = optionsOf({ REDIS_URL: 'rediss://:secret@cache.example.com' });
    expect(options?.tls).toEqual({ servername: 'cache.example.com', minVersion: 'TLSv1.2', rejectUnauthorized: true });
    const missing = { REDIS_URL: 'rediss://cache', REDIS_TLS_CA: '/does/not/exist' };
    expect(() => optionsOf(missing)).toThrow(/^REDIS_TLS_CA cannot be read/);
  });

  it.each([
    'http://user:hunter2@cache',
    'redis://user:hunter2@',
    'redis://user:hunter2@cache/name',
    'redis://user:hunter2@cache?tls=false',
    'redis://user:hunter2%@cache',
    'hunter2',
  ])('refuses %s without repeating its password', (url) => {
    let said = '';
    try {
      optionsOf({ REDIS_URL: url });
    } catch (error) {
      said = String(error);
    }
    expect(said).toContain('REDIS_URL');
    expect(said).not.toContain('hunter2');
  });

  it('queues nothing and waits for nothing that Redis does not answer', () => {
    const options = optionsOf({ REDIS_URL: 'redis://cache', REDIS_COMMAND_TIMEOUT_MS: '200' });
    expect(options).toMatchObject({ enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: 200 });
    for (const attempt of [1, 5, 50, 5000]) {
      const pause = Number(options?.retryStrategy?.(attempt));
      expect(pause).toBeGreaterThan(0);
      expect(pause).toBeLessThanOrEqual(1200);
    }
  });
});
