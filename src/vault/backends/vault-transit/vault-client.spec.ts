import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { settingsOf } from '../../../../test/fixtures/settings-of.js';
import {
  KUBERNETES_TOKEN,
  ROLE_ID,
  ROOT_TOKEN,
  SECRET_ID,
  VaultServer,
} from '../../../../test/fixtures/stores/vault-server.js';
import { loopbackEgress } from '../../../../test/fixtures/upstreams/loopback-egress.js';
import { HashicorpSettings } from './hashicorp.settings.js';
import { VaultClient } from './vault-client.js';

const folder = mkdtempSync(join(tmpdir(), 'portcullis-vault-client-'));
const egress = loopbackEgress();
afterAll(async () => {
  await egress.close();
  rmSync(folder, { recursive: true });
});

const APPROLE = { VAULT_AUTH_METHOD: 'approle', VAULT_ROLE_ID: ROLE_ID, VAULT_SECRET_ID: SECRET_ID };

describe(VaultClient.name, () => {
  let vault: VaultServer;
  const make = (variables: Record<string, string>): VaultClient =>
    new VaultClient(egress, settingsOf(HashicorpSettings, { VAULT_ADDR: vault.url, ...variables }), 5000);
  const read = async (client: VaultClient): Promise<unknown> =>
    (await client.ask({ method: 'GET', path: ['kv', 'data', 'crm'], subject: 'a test' }))['data'];
  const paths = (): string[] => vault.seen.map(({ url }) => url.pathname);
  const later = (seconds: number): void => void vi.setSystemTime(Date.now() + seconds * 1000);

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    vault = await new VaultServer().start();
    vault.kv.set('kv/crm', [{ token: 't' }]);
  });
  afterEach(async () => {
    vi.useRealTimers();
    await vault.stop();
  });

  it('asks with the token of the settings, and for nothing more when that does not end', async () => {
    const client = make({ VAULT_TOKEN: ROOT_TOKEN });
    expect(await read(client)).toEqual({ token: 't' });
    later(1_000_000);
    await read(client);
    expect(paths()).toEqual(['/v1/auth/token/lookup-self', '/v1/kv/data/crm', '/v1/kv/data/crm']);
  });

  it('renews the token of the settings before it ends', async () => {
    vault.tokens.set('hvs.renewable-test-fixture', { ttl: 900, renewable: true });
    const client = make({ VAULT_TOKEN: 'hvs.renewable-test-fixture' });
    await read(client);
    later(601);
    await read(client);
    expect(paths()).toContain('/v1/auth/token/renew-self');
    vault.reset();
    later(1200);
    await read(client);
    expect(paths()).toEqual(['/v1/kv/data/crm']);
  });

  it('logs in by AppRole once for all who wait, and renews', async () => {
    const client = make(APPROLE);
    await Promise.all([read(client), read(client), read(client)]);
    expect(paths().filter((path) => path === '/v1/auth/approle/login')).toHaveLength(1);
    vault.reset();
    later(2401);
    await read(client);
    expect(paths()).toEqual(['/v1/auth/token/renew-self', '/v1/kv/data/crm']);
  });

  it('logs in again when the token can be renewed no more, is over, or was revoked', async () => {
    const client = make(APPROLE);
    await read(client);
    for (const lease of vault.tokens.values()) lease.renewable = false;
    later(2401);
    await read(client);
    expect(paths().slice(-3)).toEqual(['/v1/auth/token/renew-self', '/v1/auth/approle/login', '/v1/kv/data/crm']);
    later(3601);
    await read(client);
    expect(paths().slice(-2)).toEqual(['/v1/auth/approle/login', '/v1/kv/data/crm']);
    vault.tokens.clear();
    await read(client);
    expect(paths().slice(-3)).toEqual(['/v1/kv/data/crm', '/v1/auth/approle/login', '/v1/kv/data/crm']);
  });

  it('uses a token that is still good while it can not be renewed', async () => {
    const client = make(APPROLE);
    await read(client);
    later(2401);
    vault.failures = 6;
    await read(client);
    expect(paths().at(-1)).toBe('/v1/kv/data/crm');
  });

  it('logs in by Kubernetes with the token that is in the file by then', async () => {
    const path = join(folder, 'jwt');
    writeFileSync(path, 'an-older-token');
    const variables = {
      VAULT_AUTH_METHOD: 'kubernetes',
      VAULT_KUBERNETES_ROLE: 'portcullis',
      VAULT_KUBERNETES_TOKEN_FILE: path,
    };
    const client = make(variables);
    await expect(read(client)).rejects.toThrow('VAULT_KUBERNETES_ROLE');
    writeFileSync(path, `${KUBERNETES_TOKEN}\n`);
    expect(await read(client)).toEqual({ token: 't' });
    rmSync(path);
    await expect(read(make(variables))).rejects.toThrow('VAULT_KUBERNETES_TOKEN_FILE');
  });

  it('stays in its namespace', async () => {
    vault.namespace = 'team/a';
    expect(await read(make({ ...APPROLE, VAULT_NAMESPACE: 'team/a' }))).toEqual({ token: 't' });
    await expect(read(make(APPROLE))).rejects.toMatchObject({ reason: 'refused' });
  });

  it.each([
    [{ VAULT_TOKEN: 'hvs.wrong-test-fixture' }, 'VAULT_TOKEN'],
    [{ ...APPROLE, VAULT_SECRET_ID: 'wrong-test-fixture' }, 'VAULT_AUTH_METHOD'],
  ])('names the setting when it is not let in', async (variables, setting) => {
    const error: unknown = await read(make(variables as Record<string, string>)).catch((reason: unknown) => reason);
    expect(String(error)).toContain(setting);
    expect(String(error)).not.toContain('test-fixture');
  });

  it.each([
    [{ VAULT_TOKEN: undefined }, 'VAULT_TOKEN is required'],
    [{ VAULT_AUTH_METHOD: 'approle', VAULT_ROLE_ID: 'x' }, 'VAULT_SECRET_ID is required'],
    [{ VAULT_AUTH_METHOD: 'kubernetes' }, 'VAULT_KUBERNETES_ROLE is required'],
    [{ VAULT_ADDR: 'http://vault.example.com', VAULT_TOKEN: 'x' }, 'VAULT_ADDR must be an https:// URL'],
    [{ VAULT_TOKEN: 'x', VAULT_TRANSIT_MOUNT: '../sys' }, 'VAULT_TRANSIT_MOUNT'],
  ])('stops the start with settings that do not fit: %j', (variables, fault) => {
    const given = Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined);
    expect(() => make(Object.fromEntries(given))).toThrow(fault);
  });
});
