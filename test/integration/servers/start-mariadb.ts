import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { makeCertificates } from './certificates.js';
import { freePort } from './free-port.js';
import { ServerFolder } from './server-folder.js';
import type { TestServer } from './test-server.js';

const PLACES = ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin'];
const PASSWORD = 'p@ss/word';
const INIT = [
  'CREATE DATABASE base;',
  `CREATE USER 'tests'@'127.0.0.1' IDENTIFIED BY '${PASSWORD}';`,
  `GRANT ALL ON *.* TO 'tests'@'127.0.0.1';`,
];

function find(...names: readonly string[]): string | undefined {
  return PLACES.flatMap((place) => names.map((name) => `${place}/${name}`)).find((path) => existsSync(path));
}

/** MariaDB of the operating system, without durability; undefined where it is not installed. */
export async function startMariadb(): Promise<TestServer | undefined> {
  const binary = find('mariadbd', 'mysqld');
  const install = find('mariadb-install-db');
  if (binary === undefined || install === undefined) return undefined;
  const folder = new ServerFolder();
  const { ca, cert, key } = makeCertificates(folder);
  const port = await freePort();
  writeFileSync(folder.join('init.sql'), INIT.join('\n'));
  folder.give('mysql', 'server.key');
  const account = process.getuid?.() === 0 ? ['--user=mysql'] : [];
  const data = `--datadir=${folder.join('data')}`;
  execFileSync(install, ['--no-defaults', data, '--auth-root-authentication-method=normal', ...account], {
    stdio: 'pipe',
  });
  const server = spawn(binary, [
    '--no-defaults',
    ...account,
    data,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    '--skip-name-resolve',
    `--socket=${folder.join('socket')}`,
    `--pid-file=${folder.join('pid')}`,
    `--init-file=${folder.join('init.sql')}`,
    `--ssl-cert=${cert}`,
    `--ssl-key=${key}`,
    '--innodb-flush-log-at-trx-commit=0',
    '--loose-debug-no-sync',
    '--innodb-buffer-pool-size=64M',
    '--max-connections=200',
  ]);
  const stop = async () => {
    await end(server);
    folder.remove();
  };
  try {
    await ready(server);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `mariadb://tests:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/base`, ca, stop };
}

async function ready(server: ChildProcess): Promise<void> {
  let log = '';
  await new Promise<void>((resolve, reject) => {
    const fail = () => reject(new Error(`MariaDB did not start:\n${log}`));
    const timer = setTimeout(fail, 60_000);
    server.once('exit', fail);
    server.stderr?.on('data', (chunk) => {
      log = `${log}${String(chunk)}`.slice(-10_000);
      if (!log.includes('ready for connections')) return;
      clearTimeout(timer);
      server.off('exit', fail);
      resolve();
    });
  });
  const kill = () => server.kill('SIGKILL');
  process.once('exit', kill);
  server.once('exit', () => process.off('exit', kill));
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill('SIGTERM');
  await once(server, 'exit');
}
