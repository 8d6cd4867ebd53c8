import type { DataSource } from 'typeorm';

const SQLITE = `CAST(unixepoch('subsec') * 1000 AS INTEGER)`;
const POSTGRES = 'CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)';
const MYSQL = `TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000`;

/** SQL for the time by the clock of the database, epoch ms: whatever those of replicas say, they agree on it. */
export function databaseNow({ options }: DataSource): string {
  if (options.type === 'postgres') return POSTGRES;
  return options.type === 'better-sqlite3' ? SQLITE : MYSQL;
}
