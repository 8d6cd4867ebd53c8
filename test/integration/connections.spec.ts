import type { DataSource } from 'typeorm';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { createDataSource } from '../../src/database/data-source.js';
import { DatabaseHealth } from '../../src/database/database-health.js';
import { openDatabase } from '../../src/database/open-database.js';
import { databaseSettings } from '../fixtures/database/database-settings.js';
import { LIBRARY } from '../fixtures/database/library.js';
import { onEveryDatabase, onEveryEngine } from './on-every-database.js';
import { freePort } from './servers/free-port.js';

const NOTHING = { entities: [], migrations: [] };
const postgres = inject('postgres');
const mysql = inject('mysql');
let dataSource: DataSource | undefined;

async function connect(url: string, variables: Readonly<Record<string, string>> = {}): Promise<DataSource> {
  dataSource = createDataSource(databaseSettings({ DATABASE_URL: url, ...variables }), NOTHING);
  return dataSource.initialize();
}

afterEach(async () => {
  if (dataSource?.isInitialized) await dataSource.destroy();
});

describe.each([
  { name: 'PostgreSQL', server: postgres, probe: 'SELECT ssl AS on FROM pg_stat_ssl WHERE pid = pg_backend_pid()' },
  { name: 'MariaDB', server: mysql, probe: `SHOW STATUS LIKE 'Ssl_version'` },
])('TLS to $name', ({ server, probe }) => {
  const { url = '', ca = '' } = server ?? {};
  // getaddrinfo takes 127.1 for the same address, and it is not in the certificate.
  const to = (host: string) => url.replace('127.0.0.1', host);
  const encrypted = async () => {
    const [row] = await dataSource!.query(probe);
    return Boolean(row.on ?? row.Value);
  };

  describe.skipIf(ca === '')('with a server that has a certificate', () => {
    it('verify-full takes the right name and authority', async () => {
      await connect(to('localhost'), { DB_SSL_MODE: 'verify-full', DB_SSL_CA: ca });
      expect(await encrypted()).toBe(true);
    });

    it('verify-full refuses another name', async () => {
      const refused = connect(to('127.1'), { DB_SSL_MODE: 'verify-full', DB_SSL_CA: ca });
      await expect(refused).rejects.toThrow(/Host: 127\.1\. is not in the cert/);
    });

    it('auto refuses an authority that it does not know', async () => {
      await expect(connect(to('127.1'))).rejects.toThrow(/certificate/);
    });

    it('verify-ca takes any name, but no other authority', async () => {
      await connect(to('127.1'), { DB_SSL_MODE: 'verify-ca', DB_SSL_CA: ca });
      expect(await encrypted()).toBe(true);
      await dataSource!.destroy();
      await expect(connect(to('127.1'), { DB_SSL_MODE: 'verify-ca' })).rejects.toThrow(/certificate/);
    });

    it('require encrypts to whomever', async () => {
      await connect(`${to('127.1')}?sslmode=require`);
      expect(await encrypted()).toBe(true);
    });

    it('auto and disable speak clear text on loopback', async () => {
      await connect(url);
      expect(await encrypted()).toBe(false);
    });
  });
});

describe('TLS to PostgreSQL at an address', () => {
  it('verify-full compares the address, not "localhost"', async () => {
    const refused = connect(postgres.url, { DB_SSL_MODE: 'verify-full', DB_SSL_CA: postgres.ca ?? '' });
    await expect(refused).rejects.toThrow(/IP: 127\.0\.0\.1 is not in the cert/);
  });
});

describe(openDatabase.name, () => {
  const open = (url: string) => openDatabase(databaseSettings({ DATABASE_URL: url }), NOTHING);

  it('points to the TLS settings when the certificate is at fault', async () => {
    await expect(open(postgres.url.replace('127.0.0.1', '127.1'))).rejects.toThrow(/see DB_SSL_MODE and DB_SSL_CA/);
  });

  it.each(['postgresql', 'mysql'])('says why there is no %s server', async (scheme) => {
    const port = await freePort();
    await expect(open(`${scheme}://u:hunter2@localhost:${port}/gate`)).rejects.toThrow(/no connection.*ECONNREFUSED/);
  });
});

onEveryEngine((engine) => {
  it.skipIf(engine.name === 'SQLite')('a refused password is not in the error', async () => {
    const { url } = engine.name === 'PostgreSQL' ? postgres : (mysql ?? { url: '' });
    const refused = connect(url.replace(/:[^:]+@/, ':hunter2@'));
    await expect(refused).rejects.toThrow(/password/i);
    await expect(refused).rejects.not.toThrow(/hunter2/);
  });
});

onEveryDatabase((database) => {
  it('answers the health check, once for all who ask', async () => {
    const health = new DatabaseHealth(database.dataSource);
    await Promise.all(Array.from({ length: 50 }, () => health.ping()));
  });

  it.skipIf(database.engine === 'SQLite')('stops a statement that takes too long', async () => {
    await connect(database.url, { DB_STATEMENT_TIMEOUT: '1' });
    const sleep = database.engine === 'PostgreSQL' ? 'SELECT pg_sleep(20)' : 'SELECT SLEEP(20), COUNT(*) FROM shelves';
    await expect(dataSource!.query(sleep)).rejects.toThrow(/statement timeout|max_statement_time/);
  });

  it.skipIf(database.engine !== 'MariaDB')('refuses a value that is too long instead of cutting it', async () => {
    const row = { id: 'x', label: 'x'.repeat(101) };
    await expect(database.dataSource.getRepository('Shelf').insert(row)).rejects.toThrow(/too long/);
  });

  it.skipIf(database.engine !== 'MariaDB')('takes a mysql:// URL as well', async () => {
    const settings = databaseSettings({ DATABASE_URL: database.url.replace(/^mariadb:/, 'mysql+pymysql:') });
    dataSource = await openDatabase(settings, LIBRARY);
    expect(await dataSource.getRepository('Shelf').count()).toBe(0);
  });
}, LIBRARY);
