import { parseUrl } from '#libs/egress';
import { fileURLToPath } from 'node:url';
import { Secret } from '../config/secret.js';
import { SSL_MODES, type SslMode } from './database.settings.js';

export interface SqliteTarget {
  readonly engine: 'sqlite';
  /** A path, relative to the working directory or absolute, or `:memory:`. */
  readonly path: string;
}

export interface ServerTarget {
  readonly engine: 'postgres' | 'mysql' | 'mariadb';
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: Secret;
  readonly database: string;
  /** What the URL demands; undefined leaves it to DB_SSL_MODE. */
  readonly sslMode: SslMode | undefined;
}

export type DatabaseTarget = SqliteTarget | ServerTarget;

/** Says what is wrong with DATABASE_URL without repeating any of it. */
export class DatabaseUrlError extends Error {
  constructor(fault: string) {
    super(`DATABASE_URL ${fault}`);
    this.name = 'DatabaseUrlError';
  }
}

const FORMS =
  'is none of sqlite:///relative.db, sqlite:////absolute.db, sqlite::memory:, file:///absolute.db, ' +
  'postgresql://user:password@host:5432/name, mysql://user:password@host:3306/name, mariadb://user:password@host:3306/name';
const SERVERS = { postgres: 5432, mysql: 3306, mariadb: 3306 } as const;
const MEMORY = ':memory:';

/**
 * Reads a database URL, SQLAlchemy's spellings (`postgresql+psycopg://`, `mysql+pymysql://`) included.
 * @throws DatabaseUrlError
 */
export function parseDatabaseUrl(text: string): DatabaseTarget {
  const [, scheme = '', rest = ''] = /^([a-z]+)(?:\+[a-z0-9]+)?:(.*)$/is.exec(text.trim()) ?? [];
  const engine = scheme.toLowerCase().replace(/^postgresql$/, 'postgres');
  if (engine === 'sqlite' || engine === 'file') return { engine: 'sqlite', path: sqlitePath(engine, rest) };
  if (!(engine in SERVERS) || !rest.startsWith('//')) throw new DatabaseUrlError(FORMS);
  return serverTarget(engine as keyof typeof SERVERS, rest);
}

function sqlitePath(scheme: 'sqlite' | 'file', rest: string): string {
  if (/[?#]/.test(rest)) throw new DatabaseUrlError('has parameters, which SQLite files do not take here');
  if (rest === '' || rest === '//' || rest.replace(/^\/\/\//, '') === MEMORY) return MEMORY;
  if (!rest.startsWith('//')) return rest;
  if (!rest.startsWith('///'))
    throw new DatabaseUrlError('names a host, but an SQLite file has none: use three slashes');
  return scheme === 'file' ? fileURLToPath(`file:${rest}`) : rest.slice(3);
}

function serverTarget(engine: keyof typeof SERVERS, rest: string): ServerTarget {
  // Node puts the whole text into its own error, so that error must go no further.
  const url = parseUrl(`${engine}:${rest}`);
  if (url === undefined) {
    throw new DatabaseUrlError('is not a URL; reserved characters in a password are written as %XX, such as %40 for @');
  }
  const database = decode(url.pathname.slice(1));
  if (url.hostname === '' || database === '' || database.includes('/')) {
    throw new DatabaseUrlError('needs a host and one database name, as in postgresql://user:password@host:5432/name');
  }
  return {
    engine,
    host: decode(url.hostname).replace(/^\[|\]$/g, ''),
    port: Number(url.port || SERVERS[engine]),
    username: decode(url.username),
    password: new Secret(decode(url.password)),
    database,
    sslMode: sslMode(engine, url.searchParams),
  };
}

function sslMode(engine: string, parameters: URLSearchParams): SslMode | undefined {
  let found: SslMode | undefined;
  for (const [name, value] of parameters) {
    if (name === 'charset' && engine !== 'postgres' && value.toLowerCase() === 'utf8mb4') continue;
    if (name !== 'sslmode')
      throw new DatabaseUrlError('has a parameter that Portcullis does not know; it knows sslmode');
    found = SSL_MODES.find((mode) => mode === value.toLowerCase());
    if (found === undefined) {
      throw new DatabaseUrlError(
        `has an sslmode other than ${SSL_MODES.join(', ')}; the others may fall back to clear text`,
      );
    }
  }
  return found;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new DatabaseUrlError('has a % that is not followed by two hex digits; write a plain % as %25');
  }
}
