import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { DatabaseSettings } from './database.settings.js';
import type { ServerTarget } from './database-url.js';

/** What `pg` and `mysql2` take as `ssl`. */
export interface DatabaseTls {
  minVersion: 'TLSv1.2';
  rejectUnauthorized: boolean;
  ca?: Buffer;
  cert?: Buffer;
  key?: Buffer;
  /** pg: the name to compare with the certificate. */
  host?: string;
  /** pg: set to compare no name. */
  checkServerIdentity?: () => undefined;
  /** mysql2: without it no name is compared. */
  verifyIdentity?: boolean;
}

export type TlsSettings = Pick<DatabaseSettings, 'sslMode' | 'sslCa' | 'sslCert' | 'sslKey'>;

/**
 * The TLS options for a server; `false` is clear text. The modes mean what libpq means by them.
 * @throws Error when a file cannot be read or the mode cannot be kept
 */
export function databaseTls(target: ServerTarget, settings: TlsSettings): DatabaseTls | false {
  const asked = target.sslMode ?? settings.sslMode;
  const auto = isLoopback(target.host) ? 'disable' : 'verify-full';
  const mode = asked === 'auto' ? auto : asked;
  if (mode === 'disable') return false;
  if ((settings.sslCert === undefined) !== (settings.sslKey === undefined)) {
    throw new Error('DB_SSL_CERT and DB_SSL_KEY belong together: set both or none');
  }
  const base: DatabaseTls = {
    minVersion: 'TLSv1.2',
    rejectUnauthorized: mode !== 'require' || settings.sslCa !== undefined,
    ...read('ca', 'DB_SSL_CA', settings.sslCa),
    ...read('cert', 'DB_SSL_CERT', settings.sslCert),
    ...read('key', 'DB_SSL_KEY', settings.sslKey),
  };
  if (target.engine === 'postgres') {
    // Over a socket that is already open, Node would compare an address with "localhost".
    return mode === 'verify-full' ? { ...base, host: target.host } : { ...base, checkServerIdentity: () => undefined };
  }
  if (mode === 'verify-full' && isIP(target.host) !== 0) {
    throw new Error('DB_SSL_MODE verify-full needs a host name in a MySQL or MariaDB DATABASE_URL, not an address');
  }
  return { ...base, verifyIdentity: mode === 'verify-full' };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function read<K extends string>(key: K, setting: string, path: string | undefined): { [P in K]?: Buffer } {
  if (path === undefined) return {};
  try {
    return { [key]: readFileSync(path) } as { [P in K]?: Buffer };
  } catch (error) {
    throw new Error(`${setting} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
