import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createDataSource } from '../../src/database/data-source.js';
import { databaseSettings } from '../fixtures/database/database-settings.js';
import { built, GatewayProcess } from '../fixtures/gateway-process.js';
import { onEveryEngine } from './on-every-database.js';
import type { EmptyDatabase } from './test-engine.js';

const random = () => randomBytes(32).toString('base64url');
const SECRETS = { JWT_SECRET_KEY: random(), AUTH_ENCRYPTION_SECRET: random(), PLATFORM_ADMIN_PASSWORD: random() };

onEveryEngine((engine) => {
  let database: EmptyDatabase;
  let folder: string;
  const replicas: GatewayProcess[] = [];

  beforeAll(built);
  beforeEach(async () => {
    database = await engine.create();
    folder = mkdtempSync(join(tmpdir(), 'portcullis-replicas-'));
  });
  afterEach(async () => {
    await Promise.all(replicas.splice(0).map((replica) => replica.stop()));
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('should migrate once and have one administrator when four replicas start at once', async () => {
    for (let count = 0; count < 4; count += 1)
      replicas.push(GatewayProcess.spawn(folder, { ...SECRETS, DATABASE_URL: database.url }));
    const urls = await Promise.all(replicas.map((replica) => replica.url()));
    const ready = await Promise.all(urls.map(async (url) => (await fetch(`${url}/ready`)).status));
    expect(ready).toEqual([200, 200, 200, 200]);
    const settings = databaseSettings({ DATABASE_URL: database.url });
    const reader = await createDataSource(settings, { entities: [], migrations: [] }).initialize();
    expect(await reader.query('SELECT email FROM email_users')).toEqual([{ email: 'admin@example.com' }]);
    const names: { name: string }[] = await reader.query('SELECT name FROM schema_migrations');
    await reader.destroy();
    expect(new Set(names.map(({ name }) => name)).size).toBe(names.length);
    for (const { errors } of replicas) expect(errors).toBe('');
    const endings = await Promise.all(replicas.map((replica) => replica.stop()));
    expect(endings.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  });
});
