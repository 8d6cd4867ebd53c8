import type { RedisOptions } from 'ioredis';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { parseRedisUrl } from './redis-url.js';
import type { RedisSettings } from './redis.settings.js';

/** Longest pause between two attempts to connect, milliseconds. */
const LONGEST_PAUSE_MS = 1000;
/** Longest wait for a connection to stand, milliseconds. */
const CONNECT_MS = 2000;

/**
 * How to connect; undefined when no Redis is used.
 * @throws Error when the settings contradict each other or a file can't be read
 */
export function redisOptions(settings: RedisSettings): RedisOptions | undefined {
  const { url, cacheType, commandTimeoutMs } = settings;
  if (!url && cacheType === 'redis') throw new Error('CACHE_TYPE redis needs REDIS_URL');
  if (!url || cacheType === 'memory') return undefined;
  const { host, port, username, password, database, tls } = parseRedisUrl(url.reveal());
  return {
    host,
    port,
    db: database,
    ...(username !== undefined && { username }),
    ...(password && { password: password.reveal() }),
    ...(tls && {
      tls: { ...named(host), minVersion: 'TLSv1.2', rejectUnauthorized: true, ...authorities(settings) },
    }),
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    commandTimeout: commandTimeoutMs,
    // A connection on which nothing comes back any more is dropped.
    socketTimeout: 2 * commandTimeoutMs,
    // What Redis does not answer now must not wait for it, and must not be done later when nobody waits any more.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // For ever: what was counted and announced elsewhere is needed again as soon as Redis is back.
    retryStrategy: (attempt) =>
      Math.min(50 * 2 ** Math.min(attempt, 6), LONGEST_PAUSE_MS) * (0.8 + Math.random() * 0.4),
  };
}

/** An address can't be named in the handshake; it is still compared with the certificate. */
const named = (host: string): { servername?: string } => (isIP(host) === 0 ? { servername: host } : {});

function authorities({ tlsCa }: RedisSettings): { ca?: Buffer } {
  if (tlsCa === undefined) return {};
  try {
    return { ca: readFileSync(tlsCa) };
  } catch (error) {
    throw new Error(`REDIS_TLS_CA cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
