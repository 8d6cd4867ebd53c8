import type { DataSource } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';
import { ENTITIES } from '../../src/app.entities.js';
import { MIGRATIONS } from '../../src/app.migrations.js';
import { User } from '../../src/auth/accounts/user.entity.js';
import { openDatabase } from '../../src/database/open-database.js';
import { schemaDrift } from '../../src/database/schema-drift.js';
import { ApiToken } from '../../src/tokens/api-token.entity.js';
import { databaseSettings } from '../fixtures/database/database-settings.js';
import { onEveryEngine } from './on-every-database.js';
import type { EmptyDatabase } from './test-engine.js';

/** How many migrations the first release had. */
const FIRST_RELEASE = 2;
const NOW = 1_764_000_000_000;
const USER = {
  id: 'u'.repeat(32),
  email: 'ann@example.com',
  password_hash: '$argon2id$kept',
  full_name: 'Ann',
  is_admin: true,
  is_active: true,
  auth_provider: 'local',
  email_verified: true,
  password_change_required: false,
  failed_login_attempts: 2,
  locked_until: null,
  last_login: NOW,
  created_at: NOW,
  updated_at: NOW,
};
const TOKEN = {
  id: 't'.repeat(32),
  user_id: USER.id,
  name: 'the token of Ann',
  jti: 'j'.repeat(36),
  token_hash: 'a'.repeat(64),
  team_id: null,
  server_id: null,
  resource_scopes: '["tools.*"]',
  ip_restrictions: '[]',
  time_restrictions: '{}',
  description: 'kept',
  tags: '[]',
  created_at: NOW,
  expires_at: null,
  is_active: true,
};

describe('an upgrade from the first release', () => {
  onEveryEngine((engine) => {
    let empty: EmptyDatabase | undefined;
    let opened: DataSource | undefined;
    afterEach(async () => {
      await opened?.destroy();
      await empty?.drop();
    });

    it('keeps users and their tokens, and ends at the schema of the entities', async () => {
      empty = await engine.create();
      const settings = databaseSettings({ DATABASE_URL: empty.url, DB_POOL_SIZE: '2' });
      opened = await openDatabase(settings, { entities: [], migrations: MIGRATIONS.slice(0, FIRST_RELEASE) });
      await insert(opened, 'email_users', USER);
      await insert(opened, 'email_api_tokens', TOKEN);
      await opened.destroy();

      opened = await openDatabase(settings, { entities: ENTITIES, migrations: MIGRATIONS });
      expect(await schemaDrift(opened)).toEqual([]);
      expect(await opened.getRepository(User).findOneByOrFail({ id: USER.id })).toMatchObject({
        email: USER.email,
        passwordHash: USER.password_hash,
        failedLoginAttempts: 2,
        lastLogin: new Date(NOW),
        passwordChangedAt: null,
      });
      expect(await opened.getRepository(ApiToken).findOneByOrFail({ id: TOKEN.id })).toMatchObject({
        name: TOKEN.name,
        permissions: ['tools.*'],
        tokenHash: TOKEN.token_hash,
        isActive: true,
        usageLimits: null,
        uses: 0,
      });
    });
  });
});

async function insert(database: DataSource, table: string, row: Readonly<Record<string, unknown>>): Promise<void> {
  await database.createQueryBuilder().insert().into(table, Object.keys(row)).values(row).execute();
}
