import { parseUrl } from '#libs/egress';
import { secret, type Setting } from '../config/setting.js';
import { Secret } from '../config/secret.js';

/** Where Redis listens, and as whom to speak to it. */
export interface RedisTarget {
  readonly host: string;
  readonly port: number;
  readonly username: string | undefined;
  readonly password: Secret | undefined;
  readonly database: number;
  readonly tls: boolean;
}

const FORM = 'must look like redis://user:password@host:6379/0, or rediss:// for TLS';

/** The URL of a Redis as a setting. What is wrong with one is said without repeating it: it may carry a password. */
export function redisUrl(env: string, doc: string): Setting<Secret | undefined> {
  const read = (value: string): Secret => {
    parseRedisUrl(value);
    return new Secret(value);
  };
  return { ...secret(env, doc), read };
}

/** @throws Error whose message completes "NAME …" */
export function parseRedisUrl(value: string): RedisTarget {
  const url = parseUrl(value);
  if (!url || !/^rediss?:$/.test(url.protocol) || url.hostname === '') throw new Error(FORM);
  // A parameter that is not understood might be one that protects.
  if (url.search !== '' || url.hash !== '') throw new Error('must not have parameters');
  const database = /^\/?(\d{0,4})$/.exec(url.pathname)?.[1];
  if (database === undefined) throw new Error(FORM);
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || 6379),
    username: url.username === '' ? undefined : decoded(url.username),
    password: url.password === '' ? undefined : new Secret(decoded(url.password)),
    database: Number(database),
    tls: url.protocol === 'rediss:',
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error('has a user or a password that is not percent-encoded');
  }
}
