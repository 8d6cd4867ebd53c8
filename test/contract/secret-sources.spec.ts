import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Environment } from '../../src/config/environment.js';
import { AwsClient } from '../../src/vault/backends/aws-kms/aws-client.js';
import { AwsSettings } from '../../src/vault/backends/aws-kms/aws.settings.js';
import { AzureClient } from '../../src/vault/backends/azure-key-vault/azure-client.js';
import { AzureSettings } from '../../src/vault/backends/azure-key-vault/azure.settings.js';
import { GcpClient } from '../../src/vault/backends/gcp-kms/gcp-client.js';
import { GcpSettings } from '../../src/vault/backends/gcp-kms/gcp.settings.js';
import { StoreError } from '../../src/vault/backends/store-error.js';
import { HashicorpSettings } from '../../src/vault/backends/vault-transit/hashicorp.settings.js';
import { VaultClient } from '../../src/vault/backends/vault-transit/vault-client.js';
import { parseReference } from '../../src/vault/references/parse-reference.js';
import type { SecretSource } from '../../src/vault/references/secret-source.js';
import { AwsSecrets } from '../../src/vault/references/sources/aws-secrets.js';
import { AzureSecrets } from '../../src/vault/references/sources/azure-secrets.js';
import { EnvironmentSecrets } from '../../src/vault/references/sources/environment-secrets.js';
import { GcpSecrets } from '../../src/vault/references/sources/gcp-secrets.js';
import { MountedSecrets } from '../../src/vault/references/sources/mounted-secrets.js';
import { VaultSecrets } from '../../src/vault/references/sources/vault-secrets.js';
import { settingsOf } from '../fixtures/settings-of.js';
import { AwsServer } from '../fixtures/stores/aws-server.js';
import { AZURE_SECRET, AzureServer } from '../fixtures/stores/azure-server.js';
import { GcpServer } from '../fixtures/stores/gcp-server.js';
import type { StoreServer } from '../fixtures/stores/store-server.js';
import { ROOT_TOKEN, VaultServer } from '../fixtures/stores/vault-server.js';
import { loopbackEgress } from '../fixtures/upstreams/loopback-egress.js';

const SECRET = 'secret-of-a-test-fixture';
const OBJECT = JSON.stringify({ token: SECRET, empty: '', number: 1 });

interface Contract {
  readonly name: string;
  readonly server?: StoreServer;
  readonly make: (timeoutMs: number) => SecretSource;
  /** References with what they lead to. */
  readonly found: Readonly<Record<string, string>>;
  readonly refused: readonly string[];
}

const root = realpathSync(mkdtempSync(join(tmpdir(), 'portcullis-secret-sources-')));
const folder = join(root, 'secrets');
mkdirSync(join(folder, '..data'), { recursive: true });
writeFileSync(join(folder, '..data', 'token'), `${SECRET}\n`);
writeFileSync(join(folder, '..data', 'object'), OBJECT);
writeFileSync(join(root, 'outside'), 'canary-of-a-test-fixture');
writeFileSync(join(folder, 'large'), 'x'.repeat(65_537));
// As Kubernetes mounts secrets.
for (const name of ['token', 'object']) symlinkSync(join('..data', name), join(folder, name));
symlinkSync('../outside', join(folder, 'out'));

const egress = loopbackEgress();
const [vault, aws, gcp, azure] = [new VaultServer(), new AwsServer(), new GcpServer(), new AzureServer()];
vault.kv.set('kv/team/crm', [{ token: 'older-of-a-test-fixture' }, { token: SECRET, number: 1 }]);
aws.secrets.set('prod/crm', OBJECT);
aws.secrets.set('plain', SECRET);
aws.secrets.set('arn:aws:secretsmanager:eu-central-1:123456789012:secret:arn-x', SECRET);
gcp.secrets.set('projects/p/secrets/crm/versions/latest', OBJECT);
gcp.secrets.set('projects/p/secrets/crm/versions/1', 'older-of-a-test-fixture');
azure.secrets.set('crm', OBJECT);
azure.secrets.set('crm/v1', 'older-of-a-test-fixture');

const CONTRACTS: readonly Contract[] = [
  {
    name: 'vault',
    server: vault,
    make: (timeoutMs) => {
      const settings = settingsOf(HashicorpSettings, { VAULT_ADDR: vault.url, VAULT_TOKEN: ROOT_TOKEN });
      return new VaultSecrets(new VaultClient(egress, settings, timeoutMs));
    },
    found: {
      'vault://kv/team/crm#token': SECRET,
      'vault://kv/team/crm?version=2#token': SECRET,
      'vault://kv/team/crm?version=1#token': 'older-of-a-test-fixture',
    },
    refused: [
      'vault://kv/team/crm',
      'vault://kv#token',
      'vault://kv/team/crm#number',
      'vault://kv/team/crm#other',
      'vault://kv/team/crm#__proto__',
      'vault://kv/team/crm?version=9#token',
      'vault://kv/team/crm?version=x#token',
      'vault://kv/team/other#token',
    ],
  },
  {
    name: 'aws-sm',
    server: aws,
    make: (timeoutMs) => {
      const settings = settingsOf(AwsSettings, {
        AWS_REGION: 'eu-central-1',
        AWS_ACCESS_KEY_ID: 'AKIATESTFIXTURE',
        AWS_SECRET_ACCESS_KEY: 'aws-secret-of-a-test-fixture',
      });
      return new AwsSecrets(new AwsClient(egress, settings, timeoutMs), aws.url);
    },
    found: {
      'aws-sm://prod/crm#token': SECRET,
      'aws-sm://prod/crm': OBJECT,
      'aws-sm://plain': SECRET,
      'aws-sm:///arn:aws:secretsmanager:eu-central-1:123456789012:secret:arn-x': SECRET,
    },
    refused: ['aws-sm://other', 'aws-sm://plain#token', 'aws-sm://prod/crm#other', 'aws-sm://prod/crm#empty'],
  },
  {
    name: 'gcp-sm',
    server: gcp,
    make: (timeoutMs) => {
      const settings = settingsOf(GcpSettings, { GOOGLE_APPLICATION_CREDENTIALS: gcp.accountFile(root) });
      return new GcpSecrets(new GcpClient(egress, settings, timeoutMs), gcp.url);
    },
    found: {
      'gcp-sm://p/crm#token': SECRET,
      'gcp-sm://p/crm/latest#token': SECRET,
      'gcp-sm://p/crm/1': 'older-of-a-test-fixture',
    },
    refused: ['gcp-sm://p', 'gcp-sm://p/crm/1/2', 'gcp-sm://p/other', 'gcp-sm://p/crm/9', 'gcp-sm://p/a:access%3F'],
  },
  {
    name: 'azure-kv',
    server: azure,
    make: (timeoutMs) => {
      const settings = settingsOf(AzureSettings, {
        AZURE_TENANT_ID: 'tenant',
        AZURE_CLIENT_ID: 'client',
        AZURE_CLIENT_SECRET: AZURE_SECRET,
        AZURE_AUTHORITY_HOST: azure.url,
        AZURE_KEY_VAULT_URL: azure.url,
      });
      return new AzureSecrets(new AzureClient(egress, settings, timeoutMs));
    },
    found: { 'azure-kv://crm#token': SECRET, 'azure-kv://crm/v1': 'older-of-a-test-fixture' },
    refused: ['azure-kv://other', 'azure-kv://crm/v9', 'azure-kv://crm/v1/more', 'azure-kv://crm#other'],
  },
  {
    name: 'env',
    make: () =>
      new EnvironmentSecrets(new Environment({ UPSTREAM_KEY: SECRET, HOME: '/root' }), ['UPSTREAM_KEY', 'UNSET']),
    found: { 'env://UPSTREAM_KEY': SECRET },
    refused: ['env://HOME', 'env://UNSET', 'env://upstream_key', 'env://UPSTREAM_KEY/more'],
  },
  {
    name: 'file',
    make: () => new MountedSecrets(folder),
    found: { 'file:///token': SECRET, 'file:///object#token': SECRET, 'file:///object': OBJECT },
    refused: [
      'file:///other',
      'file:///out',
      'file:///..data',
      'file:///large',
      'file:///token#x',
      'file:///object#number',
    ],
  },
];

beforeAll(async () => {
  for (const server of [vault, aws, gcp, azure]) await server.start();
});
afterAll(async () => {
  await egress.close();
  for (const server of [vault, aws, gcp, azure]) await server.stop();
  rmSync(root, { recursive: true });
});

describe.each(CONTRACTS)('$name', ({ server, make, found, refused }) => {
  const read = (text: string, timeoutMs = 5000): Promise<string> => {
    const reference = parseReference(text);
    if (!reference) throw new Error(`${text} is not well made`);
    return make(timeoutMs).read(reference);
  };
  afterEach(() => server?.reset());

  it.each(Object.entries(found))('reads %s', async (text, secret) => {
    expect(await read(text)).toBe(secret);
  });

  it.each(refused)('refuses %s, and says no secret', async (text) => {
    const error: unknown = await read(text).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StoreError);
    expect((error as StoreError).message).not.toMatch(/of-a-test-fixture/);
    expect((error as StoreError).reason).toMatch(/missing|misconfigured/);
  });

  if (!server) return;

  it.each([
    ['down', 'unreachable'],
    ['silent', 'unreachable'],
    ['garbage', 'invalid_answer'],
    ['huge', 'invalid_answer'],
    ['forbidden', 'refused'],
  ] as const)('fails when the store is %s', async (trouble, reason) => {
    server.trouble = trouble;
    await expect(read(Object.keys(found)[0] ?? '', 100)).rejects.toMatchObject({ reason });
  });
});

it('reads no file without a folder', async () => {
  await expect(new MountedSecrets(undefined).read(new URL('file:///token'))).rejects.toThrow(
    'SECRET_REFERENCES_FOLDER',
  );
});
