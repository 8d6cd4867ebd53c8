import type { TestProject } from 'vitest/node';
import { startMariadb } from './servers/start-mariadb.js';
import { startPostgres } from './servers/start-postgres.js';
import type { TestServer } from './servers/test-server.js';

type Provided = Pick<TestServer, 'url' | 'ca'>;

declare module 'vitest' {
  interface ProvidedContext {
    postgres: Provided;
    /** null where MariaDB is not installed and TEST_MYSQL_URL is not set. */
    mysql: Provided | null;
  }
}

/** Starts the database servers once for all integration tests, and stops them after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const servers: TestServer[] = [];
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  try {
    const postgres = await startPostgres();
    servers.push(postgres);
    project.provide('postgres', { url: postgres.url, ca: postgres.ca });
    project.provide('mysql', await mysql(servers));
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

async function mysql(servers: TestServer[]): Promise<Provided | null> {
  const given = process.env['TEST_MYSQL_URL'];
  if (given) return { url: given, ca: undefined };
  const server = await startMariadb();
  if (server) {
    servers.push(server);
    return { url: server.url, ca: server.ca };
  }
  if (process.env['CI'] === 'true') throw new Error('In CI the tests need mariadb-server, or TEST_MYSQL_URL');
  return null;
}
