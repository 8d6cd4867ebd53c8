import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { KeyBackend, WrappedKey } from '../../src/vault/backends/key-backend.js';
import type { KeyBackendName } from '../../src/vault/backends/key-backend-names.js';
import { KEY_BACKENDS } from '../../src/vault/backends/key-backends.js';
import { StoreError } from '../../src/vault/backends/store-error.js';
import { ACCOUNT_KEY, AwsServer } from '../fixtures/stores/aws-server.js';
import { AZURE_SECRET, AzureServer } from '../fixtures/stores/azure-server.js';
import { GCP_KEY, GcpServer } from '../fixtures/stores/gcp-server.js';
import { partsOf } from '../fixtures/stores/parts-of.js';
import type { StoreServer, StoreTrouble } from '../fixtures/stores/store-server.js';
import { ROOT_TOKEN, VaultServer } from '../fixtures/stores/vault-server.js';
import { loopbackEgress } from '../fixtures/upstreams/loopback-egress.js';

const folder = mkdtempSync(join(tmpdir(), 'portcullis-key-backends-'));
const AWS_SECRET = 'aws-secret-of-a-test-fixture';
const FILE_KEY = randomBytes(32).toString('base64');
const SECRETS = [ROOT_TOKEN, AWS_SECRET, AZURE_SECRET, FILE_KEY];

interface Contract {
  readonly name: KeyBackendName;
  /** None for what asks nobody. */
  readonly server?: StoreServer;
  readonly variables: () => Record<string, string>;
}

const vault = new VaultServer();
vault.rotate('data-keys');
const [aws, gcp, azure] = [new AwsServer(), new GcpServer(), new AzureServer()];
const KEY_FILE = join(folder, 'keys');
writeFileSync(KEY_FILE, `k1:${FILE_KEY}\n`, { mode: 0o600 });

const CONTRACTS: readonly Contract[] = [
  { name: 'file', variables: () => ({ KEY_FILE_PATH: KEY_FILE }) },
  {
    name: 'vault-transit',
    server: vault,
    variables: () => ({ VAULT_ADDR: vault.url, VAULT_TOKEN: ROOT_TOKEN, VAULT_TRANSIT_KEY: 'data-keys' }),
  },
  {
    name: 'aws-kms',
    server: aws,
    variables: () => ({
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'AKIATESTFIXTURE',
      AWS_SECRET_ACCESS_KEY: AWS_SECRET,
      AWS_KMS_KEY_ID: ACCOUNT_KEY,
      AWS_ENDPOINT_URL_KMS: aws.url,
    }),
  },
  {
    name: 'gcp-kms',
    server: gcp,
    variables: () => ({
      GOOGLE_APPLICATION_CREDENTIALS: gcp.accountFile(folder),
      GCP_KMS_KEY: GCP_KEY,
      GCP_KMS_URL: gcp.url,
    }),
  },
  {
    name: 'azure-key-vault',
    server: azure,
    variables: () => ({
      AZURE_TENANT_ID: 'tenant',
      AZURE_CLIENT_ID: 'client',
      AZURE_CLIENT_SECRET: AZURE_SECRET,
      AZURE_AUTHORITY_HOST: azure.url,
      AZURE_KEY_VAULT_URL: azure.url,
      AZURE_KEY_VAULT_KEY: 'data-keys',
    }),
  },
];

const dataKey = randomBytes(32);
const failure = async (work: Promise<unknown>): Promise<StoreError> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StoreError);
  const { message } = error as StoreError;
  for (const secret of [...SECRETS, dataKey.toString('base64'), dataKey.toString('base64url')])
    expect(message).not.toContain(secret);
  return error as StoreError;
};

describe.each(CONTRACTS)('$name', ({ name, server, variables }) => {
  const egress = loopbackEgress();
  const make = async (more: Record<string, string> = {}): Promise<KeyBackend> => {
    return KEY_BACKENDS[name](partsOf(egress, { ...variables(), ...more }));
  };
  let backend: KeyBackend;
  let wrapped: WrappedKey;

  beforeAll(async () => {
    await server?.start();
    backend = await make();
    wrapped = await backend.wrap(dataKey, 'data_keys:1');
  });
  afterEach(() => server?.reset());
  afterAll(async () => {
    await egress.close();
    await server?.stop();
    if (name === 'azure-key-vault') rmSync(folder, { recursive: true });
  });

  it('should unwrap what it wrapped, also when it is made anew', async () => {
    expect(await backend.unwrap(wrapped, 'data_keys:1')).toEqual(dataKey);
    expect(await (await make()).unwrap(wrapped, 'data_keys:1')).toEqual(dataKey);
    expect(wrapped.wrapped).toMatch(/^[\w-]+$/);
    expect(wrapped.keyId.length).toBeGreaterThan(0);
    expect(wrapped.keyId.length).toBeLessThanOrEqual(512);
  });

  it('should show nothing of a key in what it wraps, and wrap it otherwise each time', async () => {
    expect(Buffer.from(wrapped.wrapped, 'base64url').includes(dataKey)).toBe(false);
    expect((await backend.wrap(dataKey, 'data_keys:1')).wrapped).not.toBe(wrapped.wrapped);
  });

  it('should not unwrap in another context', async () => {
    expect((await failure(backend.unwrap(wrapped, 'data_keys:2'))).reason).toBe('refused');
  });

  it('should not unwrap what was changed in any of some places', async () => {
    const bytes = Buffer.from(wrapped.wrapped, 'base64url');
    for (const at of [0, 1, bytes.length >> 1, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await failure(backend.unwrap({ ...wrapped, wrapped: changed.toString('base64url') }, 'data_keys:1'));
    }
    await failure(backend.unwrap({ ...wrapped, wrapped: '' }, 'data_keys:1'));
    await failure(backend.unwrap({ ...wrapped, wrapped: 'no base64url!' }, 'data_keys:1'));
  });

  it('should not unwrap with a key that the settings do not name, nor ask for it', async () => {
    const error = await failure(backend.unwrap({ ...wrapped, keyId: 'of-somebody-else' }, 'data_keys:1'));
    expect(error.reason).toBe('misconfigured');
    expect(error.message).toMatch(/[A-Z]+_KEY|KEY_FILE_PATH/);
    expect(server?.seen ?? []).toEqual([]);
  });

  it('should take nothing but data keys', async () => {
    await expect(backend.wrap(Buffer.alloc(31), 'data_keys:1')).rejects.toThrow('32 bytes');
  });

  it('should check itself', async () => {
    await expect(backend.check()).resolves.toBeUndefined();
  });

  if (!server) return;

  describe('a store in trouble', () => {
    const troubled = async (trouble: StoreTrouble): Promise<StoreError> => {
      const fresh = await make({ KEY_STORE_TIMEOUT_MS: '100' });
      server.trouble = trouble;
      const error = await failure(fresh.check());
      server.trouble = trouble;
      await failure(fresh.wrap(dataKey, 'data_keys:1'));
      await failure(fresh.unwrap(wrapped, 'data_keys:1'));
      expect(error.message).toMatch(/(VAULT|AWS|GCP|GOOGLE|AZURE)_\w+/);
      return error;
    };

    it('should say that it is down, after three attempts', async () => {
      expect((await troubled('down')).reason).toBe('unreachable');
      expect(server.seen).toHaveLength(9);
    });

    it('should get by with a fault that passes', async () => {
      server.failures = 2;
      expect(await backend.unwrap(wrapped, 'data_keys:1')).toEqual(dataKey);
    });

    it('should not wait longer than it may', async () => {
      const error = await troubled('silent');
      expect(error.reason).toBe('unreachable');
      expect(error.message).toContain('longer than 100 ms');
    });

    it.each(['garbage', 'empty'] as const)('should refuse an answer that is %s', async (trouble) => {
      expect((await troubled(trouble)).reason).toBe('invalid_answer');
    });

    it('should refuse an answer that is huge, and not ask again', async () => {
      expect((await troubled('huge')).reason).toBe('invalid_answer');
      expect(server.seen).toHaveLength(3);
    });

    it('should name the credentials when it is refused', async () => {
      const error = await troubled('forbidden');
      expect(error.reason).toBe('refused');
      expect(error.message).toContain('rights');
    });

    it('should say that nobody is there', async () => {
      const urls = Object.entries(variables()).map(([key, value]) => [
        key,
        value.replace(/^http:.*/, 'http://127.0.0.1:1'),
      ]);
      const gone = await make(Object.fromEntries(urls) as Record<string, string>);
      expect((await failure(gone.check())).reason).toBe('unreachable');
    });
  });
});
