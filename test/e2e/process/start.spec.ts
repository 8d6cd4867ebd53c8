import libsql from 'libsql';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { built, type Ending, GatewayProcess } from '../../fixtures/gateway-process.js';

const random = () => randomBytes(32).toString('base64url');
const SECRETS = { JWT_SECRET_KEY: random(), AUTH_ENCRYPTION_SECRET: random(), PLATFORM_ADMIN_PASSWORD: random() };
const REFUSED: Ending = { code: 1, signal: null };

describe('the start of the process', () => {
  let folder: string;
  let started: GatewayProcess[];

  beforeAll(built);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'portcullis-start-'));
    started = [];
  });
  afterEach(async () => {
    await Promise.all(started.map((gateway) => gateway.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  function start(variables: Readonly<Record<string, string>> = {}): GatewayProcess {
    const gateway = GatewayProcess.spawn(folder, variables);
    started.push(gateway);
    return gateway;
  }

  async function refusal(variables: Readonly<Record<string, string>>): Promise<string> {
    const gateway = start(variables);
    expect(await gateway.ended).toEqual(REFUSED);
    expect(gateway.output).toBe('');
    expect(gateway.errors).toMatch(/^Portcullis did not start\. /);
    expect(gateway.errors).not.toMatch(/^\s+at /m);
    return gateway.errors;
  }

  const login = async (url: string, password: string): Promise<number> => {
    const body = JSON.stringify({ email: 'admin@example.com', password });
    const headers = { 'Content-Type': 'application/json' };
    return (await fetch(`${url}/auth/login`, { method: 'POST', headers, body })).status;
  };
  const files = (): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const secretsFile = () => join(folder, 'data', 'secrets.env');
  const admins = (path = join(folder, 'data', 'portcullis.db')): unknown[] => {
    const database = new libsql(path);
    const rows = database.prepare('SELECT email FROM email_users').all();
    database.close();
    return rows;
  };

  describe('with faults in its settings', () => {
    it('says each in a line of its own and touches nothing', async () => {
      const errors = await refusal({
        PORT: 'http',
        TOKEN_EXPIRY: '1',
        LOG_LEVEL: 'loud',
        REQUIRE_JTI: 'perhaps',
        JWT_SECRET_KEY: 'short',
        APP_DOMAIN: 'example.com',
        ALLOWED_ORIGINS: 'https://app.example.com/path',
        SSRF_ALLOWED_NETWORKS: '10.0.0.0/99',
        SSRF_PROTECTION_ENABLE: 'true',
        PLATFORM_ADMIN_PASSWORD: 'changeme',
      });
      const lines = errors.trim().split('\n');
      expect(lines).toHaveLength(11);
      expect(lines[0]).toContain('10 fault(s)');
      for (const name of [
        'PORT',
        'TOKEN_EXPIRY',
        'LOG_LEVEL',
        'REQUIRE_JTI',
        'JWT_SECRET_KEY',
        'APP_DOMAIN',
        'ALLOWED_ORIGINS',
        'SSRF_ALLOWED_NETWORKS',
        'SSRF_PROTECTION_ENABLE',
        'PLATFORM_ADMIN_PASSWORD',
      ])
        expect(lines.filter((line) => line.startsWith(`  - ${name} `))).toHaveLength(1);
      expect(errors).not.toContain('changeme');
      expect(files()).toEqual([]);
    });

    it('refuses weak secrets, whatever they are for', async () => {
      const weak = {
        JWT_SECRET_KEY: 'my-test-key-but-long-enough-to-look-strong-0',
        AUTH_ENCRYPTION_SECRET: 'a'.repeat(64),
      };
      const errors = await refusal({ ...SECRETS, ...weak });
      expect(errors).toContain('  - JWT_SECRET_KEY is a known or placeholder value');
      expect(errors).toContain('  - AUTH_ENCRYPTION_SECRET is too monotonous');
      for (const value of Object.values(weak)) expect(errors).not.toContain(value);
      expect(files()).toEqual([]);
    });

    it('creates no secrets in production', async () => {
      const errors = await refusal({ ENVIRONMENT: 'Production' });
      for (const name of ['JWT_SECRET_KEY', 'AUTH_ENCRYPTION_SECRET']) expect(errors).toContain(`${name} is required`);
      expect(files()).toEqual([]);
    });

    it('asks for the first administrator’s password in production', async () => {
      const { PLATFORM_ADMIN_PASSWORD: _, ...secrets } = SECRETS;
      expect(await refusal({ ...secrets, ENVIRONMENT: 'production' })).toContain('set PLATFORM_ADMIN_PASSWORD');
    });

    it.each([
      ['oracle://user:canary-secret@db.example.com/x', 'DATABASE_URL is none of'],
      ['postgresql://user:canary-secret@127.0.0.1:9/x', 'There is no connection to the database'],
    ])('refuses the database %s', async (url, reason) => {
      const errors = await refusal({ ...SECRETS, DATABASE_URL: url });
      expect(errors).toContain(reason);
      expect(errors).not.toContain('canary-secret');
    });

    it('refuses a data folder that cannot be made', async () => {
      writeFileSync(join(folder, 'file'), '');
      expect(await refusal({ DATA_DIR: 'file/data' })).toContain('file/data');
      expect(await refusal({ ...SECRETS, DATA_DIR: 'file/data' })).toContain('see DATA_DIR');
    });
  });

  describe('of a .env file', () => {
    it('reads it, under the variables of the process', async () => {
      writeFileSync(
        join(folder, '.env'),
        `DATA_DIR=from-file\nLOG_FORMAT=text\nPLATFORM_ADMIN_EMAIL="boss@example.com"\n`,
      );
      // Others' variables are nobody's fault.
      const others = {
        FAVOURITE_COLOUR: 'blue',
        REDIS_PORT_6379_TCP_ADDR: '10.0.0.1',
        REQUIRE_SERVICE_HOST: '10.0.0.1',
      };
      const url = await start({ DATA_DIR: 'from-process', ...others }).url();
      expect(files().filter((name) => name.startsWith('from-file'))).toEqual([]);
      expect(admins(join(folder, 'from-process', 'portcullis.db'))).toEqual([{ email: 'boss@example.com' }]);
      expect(url).toContain('http://127.0.0.1:');
    });

    it('refuses names that mean nothing, with a hint', async () => {
      writeFileSync(join(folder, '.env'), 'SSRF_ALLOW_LOCALHOSTS=true\nFAVOURITE_COLOUR=blue\n');
      const errors = await refusal({});
      expect(errors).toContain(
        '  - SSRF_ALLOW_LOCALHOSTS is not a setting of Portcullis; did you mean SSRF_ALLOW_LOCALHOST?',
      );
      expect(errors).toContain('  - FAVOURITE_COLOUR is not a setting of Portcullis\n');
      expect(files()).toEqual(['.env']);
    });
  });

  describe('for the first time', () => {
    it('creates secrets for its owner only, keeps them, and says where they are', async () => {
      const first = start();
      const url = await first.url();
      expect(statSync(secretsFile()).mode & 0o777).toBe(0o600);
      expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
      expect(statSync(join(folder, 'data', 'portcullis.db')).mode & 0o777).toBe(0o600);
      const secrets = readFileSync(secretsFile(), 'utf8');
      const values = [...secrets.matchAll(/^\w+=(.+)$/gm)].map(([, value]) => value ?? '');
      expect(new Set(values).size).toBe(3);
      expect(first.output).toContain(join('data', 'secrets.env'));
      for (const value of values) expect(first.output + first.errors).not.toContain(value);
      const password = /^PLATFORM_ADMIN_PASSWORD=(.+)$/m.exec(secrets)?.[1] ?? '';
      expect(await login(url, password)).toBe(200);
      expect(await first.stop()).toEqual({ code: 0, signal: null });

      const second = await start().url();
      expect(readFileSync(secretsFile(), 'utf8')).toBe(secrets);
      expect(await login(second, password)).toBe(200);
    });

    it('creates no file for what it was given', async () => {
      const gateway = start(SECRETS);
      await gateway.url();
      expect(existsSync(secretsFile())).toBe(false);
      expect(await login(await gateway.url(), SECRETS.PLATFORM_ADMIN_PASSWORD)).toBe(200);
    });

    it('makes one administrator, however many replicas start at once', async () => {
      const replicas = Array.from({ length: 4 }, () => start());
      const urls = await Promise.all(replicas.map((replica) => replica.url()));
      expect(admins()).toEqual([{ email: 'admin@example.com' }]);
      const password = /^PLATFORM_ADMIN_PASSWORD=(.+)$/m.exec(readFileSync(secretsFile(), 'utf8'))?.[1] ?? '';
      expect(await Promise.all(urls.map((url) => login(url, password)))).toEqual([200, 200, 200, 200]);
      for (const replica of replicas) expect(replica.errors).toBe('');
    });
  });

  it('is refused where the schema is newer than the build', async () => {
    const gateway = start(SECRETS);
    await gateway.url();
    await gateway.stop();
    const database = new libsql(join(folder, 'data', 'portcullis.db'));
    database
      .prepare('INSERT INTO schema_migrations (timestamp, name) VALUES (?, ?)')
      .run(9_999_999_999_999, 'FromTheFuture9999999999999');
    database.close();
    expect(await refusal(SECRETS)).toContain(
      'The database is newer than this build: it has the migration FromTheFuture9999999999999',
    );
  });

  it('is refused where the port is taken, and says by which settings', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const errors = await refusal({ ...SECRETS, PORT: String(port) });
    expect(errors).toContain(`HOST 127.0.0.1 and PORT ${port} cannot be listened on: another process does so already`);
    other.close();
    expect(await refusal({ ...SECRETS, HOST: '192.0.2.1' })).toContain('this machine has no such address');
  });

  it('keeps every file of a folder that others made', async () => {
    mkdirSync(join(folder, 'data'), { mode: 0o755 });
    writeFileSync(join(folder, 'data', 'secrets.env'), `JWT_SECRET_KEY=${SECRETS.JWT_SECRET_KEY}`, { mode: 0o644 });
    await start().url();
    const secrets = readFileSync(secretsFile(), 'utf8');
    expect(secrets).toContain(`JWT_SECRET_KEY=${SECRETS.JWT_SECRET_KEY}\n`);
    expect(secrets.match(/^\w+=/gm)).toHaveLength(3);
    expect(statSync(secretsFile()).mode & 0o777).toBe(0o600);
  });
});
