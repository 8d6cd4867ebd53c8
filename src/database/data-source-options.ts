import { resolve } from 'node:path';
import type { DataSourceOptions, Logger } from 'typeorm';
import libsql from 'libsql';
import pg from 'pg';
import type { DatabaseSettings } from './database.settings.js';
import { databaseTls } from './database-tls.js';
import { type DatabaseTarget, parseDatabaseUrl, type ServerTarget } from './database-url.js';
import { mysqlDriver } from './mysql-driver.js';
import type { SchemaLists } from './schema-lists.js';

const MIGRATIONS_TABLE = 'schema_migrations';

/** Where the settings say the data lives. */
export function databaseTarget(settings: DatabaseSettings): DatabaseTarget {
  if (settings.url) return parseDatabaseUrl(settings.url.reveal());
  return { engine: 'sqlite', path: resolve(settings.dataDir, 'portcullis.db') };
}

/** TypeORM's options; the schema changes through migrations only. */
export function dataSourceOptions(
  target: DatabaseTarget,
  settings: DatabaseSettings,
  schema: SchemaLists,
  logger: Logger,
): DataSourceOptions {
  const shared = {
    entities: [...schema.entities],
    migrations: [...schema.migrations],
    migrationsTableName: MIGRATIONS_TABLE,
    synchronize: false,
    logger,
  };
  if (target.engine === 'sqlite') return { ...shared, ...sqliteOptions(target.path, settings) };
  const server = { ...shared, ...serverOptions(target, settings) };
  return target.engine === 'postgres'
    ? { ...server, ...postgresOptions(settings) }
    : { ...server, ...mysqlOptions(target.engine, settings) };
}

function sqliteOptions(path: string, settings: DatabaseSettings) {
  return {
    type: 'better-sqlite3',
    driver: libsql,
    database: path,
    timeout: settings.sqliteBusyTimeoutMs,
    enableWAL: true,
    prepareDatabase: (database: libsql.Database) => void database.pragma('synchronous = NORMAL'),
  } as const;
}

function serverOptions(target: ServerTarget, settings: DatabaseSettings) {
  return {
    host: target.host,
    port: target.port,
    username: target.username,
    password: target.password.reveal(),
    database: target.database,
    poolSize: settings.poolSize,
    ssl: databaseTls(target, settings),
  };
}

function postgresOptions(settings: DatabaseSettings) {
  const statementMs = settings.statementTimeoutSeconds * 1000;
  return {
    type: 'postgres',
    driver: pg,
    connectTimeoutMS: settings.poolTimeoutSeconds * 1000,
    applicationName: 'portcullis',
    installExtensions: false,
    extra: {
      keepAlive: true,
      keepAliveInitialDelayMillis: 30_000,
      ...(statementMs > 0 && { statement_timeout: statementMs }),
    },
  } as const;
}

function mysqlOptions(type: 'mysql' | 'mariadb', settings: DatabaseSettings) {
  return {
    type,
    driver: mysqlDriver(settings.statementTimeoutSeconds),
    connectTimeout: settings.poolTimeoutSeconds * 1000,
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    extra: { queueLimit: 1000 },
  } as const;
}
