import { sealedWith } from '#libs/sealing';
import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';
import { ENTITIES } from '../../src/app.entities.js';
import { MIGRATIONS } from '../../src/app.migrations.js';
import { User } from '../../src/auth/accounts/user.entity.js';
import { openDatabase } from '../../src/database/open-database.js';
import { schemaDrift } from '../../src/database/schema-drift.js';
import { GatewayEntity } from '../../src/registry/gateways/gateway.entity.js';
import { PromptEntity } from '../../src/registry/items/prompt.entity.js';
import { ResourceEntity } from '../../src/registry/items/resource.entity.js';
import { ToolEntity } from '../../src/registry/items/tool.entity.js';
import { ServerEntity } from '../../src/registry/servers/server.entity.js';
import { ServerPrompt, ServerResource, ServerTool } from '../../src/registry/servers/server-associations.entity.js';
import { LocalSealer } from '../../src/vault/local-sealer.js';
import { VaultSettings } from '../../src/vault/vault.settings.js';
import { ApiToken } from '../../src/tokens/api-token.entity.js';
import { databaseSettings } from '../fixtures/database/database-settings.js';
import { settingsOf } from '../fixtures/settings-of.js';
import { openVault } from '../fixtures/vault/open-vault.js';
import { onEveryEngine } from './on-every-database.js';
import type { EmptyDatabase } from './test-engine.js';

/** How many migrations the first release had. */
const FIRST_RELEASE = 2;
/** How many there were before data keys. */
const WITHOUT_DATA_KEYS = MIGRATIONS.findIndex(({ name }) => name.startsWith('Vault'));
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
const ROW = {
  owner_email: USER.email,
  team_id: null,
  visibility: 'private',
  enabled: true,
  tags: '["kept"]',
  created_at: NOW,
  created_by: USER.email,
  updated_at: NOW,
  modified_by: USER.email,
  version: 3,
};
const GATEWAY = {
  ...ROW,
  id: 'a'.repeat(32),
  name: 'Fast time',
  slug: 'fast-time',
  tenant: USER.email,
  url: 'https://time.example.com/mcp',
  description: '',
  transport: 'STREAMABLEHTTP',
  auth_type: 'none',
  auth_value: null,
  auth_names: '[]',
  era: 'auto',
  discovery: '{}',
  discovered_at: NOW,
  reachable: true,
  last_seen: NOW,
  skipped: '[]',
};
const ITEM = { ...ROW, gateway_id: GATEWAY.id, upstream_key: 'k'.repeat(64), position: 0, definition: '{"kept":true}' };
const TOOL = { ...ITEM, id: 'b'.repeat(32), original_name: 'get_time' };
const RESOURCE = { ...ITEM, id: 'c'.repeat(32), uri: 'time://now', uri_template: false };
const PROMPT = { ...ITEM, id: 'd'.repeat(32), original_name: 'ask_time' };
const SERVER = {
  ...ROW,
  id: 'e'.repeat(32),
  name: 'Time',
  tenant: USER.email,
  description: '',
  tool_naming: 'prefixed',
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

    it('keeps the registry, and what virtual servers are made of', async () => {
      empty = await engine.create();
      const settings = databaseSettings({ DATABASE_URL: empty.url, DB_POOL_SIZE: '2' });
      opened = await openDatabase(settings, { entities: [], migrations: MIGRATIONS.slice(0, FIRST_RELEASE) });
      await insert(opened, 'gateways', GATEWAY);
      await insert(opened, 'tools', TOOL);
      await insert(opened, 'resources', RESOURCE);
      await insert(opened, 'prompts', PROMPT);
      await insert(opened, 'servers', SERVER);
      await insert(opened, 'server_tool_association', { server_id: SERVER.id, tool_id: TOOL.id });
      await insert(opened, 'server_resource_association', { server_id: SERVER.id, resource_id: RESOURCE.id });
      await insert(opened, 'server_prompt_association', { server_id: SERVER.id, prompt_id: PROMPT.id });
      await opened.destroy();

      opened = await openDatabase(settings, { entities: ENTITIES, migrations: MIGRATIONS });
      const item = { source: GATEWAY.id, gatewayId: GATEWAY.id, kept: null, version: 3, tags: ['kept'] };
      const { manager } = opened;
      expect(await manager.find(ServerEntity)).toMatchObject([
        { id: SERVER.id, name: 'Time', version: 3, toolSearch: 'off', oauthEnabled: false, oauthConfig: null },
      ]);
      expect(await manager.find(ToolEntity)).toMatchObject([{ ...item, id: TOOL.id, upstreamName: 'get_time' }]);
      expect(await manager.find(ResourceEntity)).toMatchObject([{ ...item, id: RESOURCE.id, isTemplate: false }]);
      expect(await manager.find(PromptEntity)).toMatchObject([{ ...item, id: PROMPT.id, upstreamName: 'ask_time' }]);
      for (const [link, itemId] of [
        [ServerTool, TOOL.id],
        [ServerResource, RESOURCE.id],
        [ServerPrompt, PROMPT.id],
      ] as const) {
        expect(await manager.find<ServerTool>(link)).toEqual([{ serverId: SERVER.id, itemId }]);
      }
      await manager.delete(GatewayEntity, { id: GATEWAY.id });
      expect(await manager.count(ToolEntity)).toBe(0);
      expect(await manager.count(ServerTool)).toBe(0);
    });

    it('opens credentials that were sealed before there were data keys, and seals them anew at a rotation', async () => {
      empty = await engine.create();
      const settings = databaseSettings({ DATABASE_URL: empty.url, DB_POOL_SIZE: '2' });
      const secret = { AUTH_ENCRYPTION_SECRET: randomBytes(32).toString('hex') };
      const place = { table: 'gateways', row: GATEWAY.id, column: 'auth_value' };
      const sealed = await new LocalSealer(settingsOf(VaultSettings, secret)).seal('a test fixture', place);
      opened = await openDatabase(settings, { entities: [], migrations: MIGRATIONS.slice(0, WITHOUT_DATA_KEYS) });
      await insert(opened, 'gateways', { ...GATEWAY, auth_type: 'bearer', auth_value: sealed });
      await opened.destroy();

      opened = await openDatabase(settings, { entities: ENTITIES, migrations: MIGRATIONS });
      const stored = async (): Promise<string> =>
        (await opened!.getRepository(GatewayEntity).findOneByOrFail({ id: GATEWAY.id })).authValue ?? '';
      const vault = await openVault(opened, secret);
      expect(await vault.sealer.open(await stored(), place)).toBe('a test fixture');
      const { id } = await vault.rotation.rotate({ subject: 'a test', userId: null, tokenId: null });
      await vault.job.run();
      expect(sealedWith(await stored())).toBe(id);
      expect(await vault.sealer.open(await stored(), place)).toBe('a test fixture');
      await vault.close();
    });

    it('has the same schema after going back to the release before and forward again', async () => {
      empty = await engine.create();
      const settings = databaseSettings({ DATABASE_URL: empty.url, DB_POOL_SIZE: '2' });
      opened = await openDatabase(settings, { entities: [], migrations: MIGRATIONS });
      await opened.undoLastMigration();
      await opened.undoLastMigration();
      await opened.destroy();
      opened = await openDatabase(settings, { entities: ENTITIES, migrations: MIGRATIONS });
      expect(await schemaDrift(opened)).toEqual([]);
    });
  });
});

async function insert(database: DataSource, table: string, row: Readonly<Record<string, unknown>>): Promise<void> {
  await database.createQueryBuilder().insert().into(table, Object.keys(row)).values(row).execute();
}
