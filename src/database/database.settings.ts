import { choice, flag, integer, optional, secret, text } from '../config/setting.js';
import { settings } from '../config/settings.js';

export const SSL_MODES = ['auto', 'disable', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof SSL_MODES)[number];

export class DatabaseSettings extends settings('Database', {
  url: secret(
    'DATABASE_URL',
    'Where the data lives: `sqlite:///./file.db`, `postgresql://user:password@host:5432/name` or `mysql://user:password@host:3306/name`. Empty means the SQLite file `portcullis.db` in DATA_DIR. A secret, because it may carry a password.',
  ),
  dataDir: text('DATA_DIR', './data', 'Folder of everything that Portcullis keeps on disk.'),
  poolSize: integer(
    'DB_POOL_SIZE',
    10,
    { min: 1, max: 500 },
    'Most connections of one replica to the database server.',
  ),
  poolTimeoutSeconds: integer(
    'DB_POOL_TIMEOUT',
    30,
    { min: 1, max: 600 },
    'Seconds to wait for a connection, or for the turn on SQLite.',
  ),
  statementTimeoutSeconds: integer(
    'DB_STATEMENT_TIMEOUT',
    30,
    { min: 0, max: 3600 },
    'Seconds after which the server stops a statement; 0 is never. PgBouncer needs 0, or `ignore_startup_parameters = statement_timeout`.',
  ),
  sqliteBusyTimeoutMs: integer(
    'DB_SQLITE_BUSY_TIMEOUT',
    5000,
    { min: 0, max: 60_000 },
    'Milliseconds to wait while another process writes the SQLite file. Nothing else runs meanwhile.',
  ),
  sslMode: choice(
    'DB_SSL_MODE',
    SSL_MODES,
    'auto',
    'TLS to the database server, unless the URL says `sslmode`. `auto` is `disable` on loopback and `verify-full` elsewhere; `require` encrypts without checking who answers, unless DB_SSL_CA is set.',
  ),
  sslCa: optional('DB_SSL_CA', 'Path of the PEM file with the authorities to trust instead of the system ones.'),
  sslCert: optional('DB_SSL_CERT', 'Path of the PEM file with the client certificate.'),
  sslKey: optional('DB_SSL_KEY', 'Path of the PEM file with the key of DB_SSL_CERT.'),
  migrateOnStart: flag(
    'MIGRATE_ON_START',
    true,
    'Bring the schema up to date at start. When false, a start with pending migrations is refused.',
  ),
  migrationLockTimeoutSeconds: integer(
    'MIGRATION_LOCK_TIMEOUT',
    120,
    { min: 1, max: 3600 },
    'Seconds to wait while another replica migrates.',
  ),
}) {}
