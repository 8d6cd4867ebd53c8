import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { crc32c } from '../../src/vault/backends/gcp-kms/crc32c.js';
import type { KeyBackend } from '../../src/vault/backends/key-backend.js';
import type { KeyBackendName } from '../../src/vault/backends/key-backend-names.js';
import { KEY_BACKENDS } from '../../src/vault/backends/key-backends.js';
import { ACCOUNT_KEY, AwsServer, ROLE, WEB_TOKEN } from '../fixtures/stores/aws-server.js';
import { AZURE_SECRET, AzureServer, FEDERATED_TOKEN } from '../fixtures/stores/azure-server.js';
import { GCP_KEY, GcpServer, SUBJECT_TOKEN } from '../fixtures/stores/gcp-server.js';
import { partsOf } from '../fixtures/stores/parts-of.js';
import { loopbackEgress } from '../fixtures/upstreams/loopback-egress.js';

const folder = mkdtempSync(join(tmpdir(), 'portcullis-store-credentials-'));
const egress = loopbackEgress();
const [aws, gcp, azure] = [new AwsServer(), new GcpServer(), new AzureServer()];
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
};
const make = async (name: KeyBackendName, variables: Record<string, string>): Promise<KeyBackend> =>
  KEY_BACKENDS[name](partsOf(egress, variables));

beforeAll(async () => {
  for (const server of [aws, gcp, azure]) await server.start();
});
afterEach(() => {
  for (const server of [aws, gcp, azure]) server.reset();
});
afterAll(async () => {
  await egress.close();
  for (const server of [aws, gcp, azure]) await server.stop();
  rmSync(folder, { recursive: true });
});

describe('AWS', () => {
  const variables = (more: Record<string, string>) => ({
    AWS_REGION: 'eu-central-1',
    AWS_KMS_KEY_ID: ACCOUNT_KEY,
    AWS_ENDPOINT_URL_KMS: aws.url,
    AWS_ENDPOINT_URL_STS: aws.url,
    ...more,
  });
  const role = (token: string) =>
    variables({ AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: file('web-token', token) });

  it('takes a role with a token from a file, once for all calls while that lasts', async () => {
    const backend = await make('aws-kms', role(`${WEB_TOKEN}\n`));
    await backend.check();
    await backend.check();
    const forms = aws.seen.filter(({ headers }) => headers['content-type'] === 'application/x-www-form-urlencoded');
    expect(forms).toHaveLength(1);
    expect(Object.fromEntries(new URLSearchParams(forms[0]?.body))).toEqual({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: ROLE,
      RoleSessionName: 'portcullis',
      WebIdentityToken: WEB_TOKEN,
    });
    expect(aws.seen.at(-1)?.headers['x-amz-security-token']).toBe('session-of-a-test-fixture');
  });

  it('says which setting is wrong when it is refused the role', async () => {
    const error: unknown = await (
      await make('aws-kms', role('wrong-of-a-test-fixture'))
    )
      .check()
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ reason: 'refused', message: expect.stringContaining('AWS_ROLE_ARN') });
    expect(String(error)).not.toContain('test-fixture');
  });

  it('never goes to the metadata address: without credentials it says which there are', async () => {
    await expect((await make('aws-kms', variables({}))).check()).rejects.toThrow('metadata address is never asked');
    expect(aws.seen).toEqual([]);
  });

  it.each([
    [{ AWS_KMS_KEY_ID: 'alias/portcullis' }, 'not an alias'],
    [{ AWS_ACCESS_KEY_ID: 'x' }, 'go together'],
    [{ AWS_ROLE_ARN: ROLE }, 'go together'],
    [{ AWS_ENDPOINT_URL_KMS: 'http://kms.example.com' }, 'https://'],
  ])('stops the start with %j', async (more, fault) => {
    await expect(make('aws-kms', variables(more as Record<string, string>))).rejects.toThrow(fault);
  });

  it('says which setting is missing', async () => {
    const { AWS_REGION: _, ...rest } = variables({});
    await expect(make('aws-kms', rest)).rejects.toThrow('AWS_REGION is required');
    await expect(make('aws-kms', {})).rejects.toThrow('AWS_KMS_KEY_ID is required');
  });
});

describe('Google Cloud', () => {
  const variables = (credentials: string) => ({
    GCP_KMS_KEY: GCP_KEY,
    GCP_KMS_URL: gcp.url,
    GOOGLE_APPLICATION_CREDENTIALS: credentials,
  });

  it('takes a token from a file, as text and as JSON, and impersonates', async () => {
    for (const source of [
      { file: file('subject', SUBJECT_TOKEN) },
      {
        file: file('subject.json', JSON.stringify({ id_token: SUBJECT_TOKEN })),
        format: { type: 'json', subject_token_field_name: 'id_token' },
      },
    ]) {
      await (await make('gcp-kms', variables(gcp.federationFile(folder, source)))).check();
      expect(gcp.seen.map(({ url }) => url.pathname).slice(0, 2)).toEqual(['/sts', '/impersonate']);
      gcp.reset();
    }
  });

  it('reads no token from the metadata server, nor from anywhere else but a file', async () => {
    const source = { url: 'http://169.254.169.254/computeMetadata/v1/' };
    const backend = await make('gcp-kms', variables(gcp.federationFile(folder, source)));
    await expect(backend.check()).rejects.toThrow('no file');
    expect(gcp.seen).toEqual([]);
  });

  it('gets another token when the one it has is refused', async () => {
    const backend = await make('gcp-kms', variables(gcp.accountFile(folder)));
    await backend.check();
    gcp.revokeTokens();
    await backend.check();
  });

  it('takes nothing that was damaged on the way', async () => {
    const backend = await make('gcp-kms', variables(gcp.accountFile(folder)));
    const wrapped = await backend.wrap(randomBytes(32), 'c');
    gcp.damaged = true;
    await expect(backend.unwrap(wrapped, 'c')).rejects.toMatchObject({ reason: 'invalid_answer' });
    await expect(backend.wrap(randomBytes(32), 'c')).rejects.toMatchObject({ reason: 'invalid_answer' });
  });

  it.each([
    ['not JSON', 'is no JSON object'],
    ['[]', 'is no JSON object'],
    ['{"type":"authorized_user"}', 'neither of the type'],
    ['{"type":"service_account"}', 'client_email'],
    ['{"type":"service_account","client_email":"a","token_uri":"b","private_key":"c"}', 'private_key'],
  ])('says what is wrong with a file of %s', async (text, fault) => {
    const backend = await make('gcp-kms', variables(file('credentials.json', text)));
    await expect(backend.check()).rejects.toThrow(fault);
  });
});

describe('Azure', () => {
  const variables = (more: Record<string, string>) => ({
    AZURE_TENANT_ID: 'tenant',
    AZURE_CLIENT_ID: 'client',
    AZURE_AUTHORITY_HOST: azure.url,
    AZURE_KEY_VAULT_URL: azure.url,
    AZURE_KEY_VAULT_KEY: 'data-keys',
    ...more,
  });

  it('takes a token from a file in the place of a secret', async () => {
    await (
      await make('azure-key-vault', variables({ AZURE_FEDERATED_TOKEN_FILE: file('federated', FEDERATED_TOKEN) }))
    ).check();
    expect(azure.seen[0]?.body).toContain('client_assertion_type=urn');
    expect(azure.seen.filter(({ url }) => url.pathname.endsWith('/token'))).toHaveLength(1);
  });

  it('stops the start without either', async () => {
    await expect(make('azure-key-vault', variables({}))).rejects.toThrow('AZURE_CLIENT_SECRET or');
  });

  it('says which setting is wrong when it is refused', async () => {
    const backend = await make('azure-key-vault', variables({ AZURE_CLIENT_SECRET: 'wrong-of-a-test-fixture' }));
    const error: unknown = await backend.check().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ reason: 'refused', message: expect.stringContaining('AZURE_CLIENT_ID') });
    expect(String(error)).not.toContain('test-fixture');
  });

  it('unwraps with a former key that the settings still name', async () => {
    const secret = { AZURE_CLIENT_SECRET: AZURE_SECRET };
    const wrapped = await (await make('azure-key-vault', variables(secret))).wrap(randomBytes(32), 'c');
    const moved = { ...secret, AZURE_KEY_VAULT_KEY: 'newer-keys' };
    await expect((await make('azure-key-vault', variables(moved))).unwrap(wrapped, 'c')).rejects.toThrow(
      'PREVIOUS_KEYS',
    );
    const both = { ...moved, KEY_BACKEND_PREVIOUS_KEYS: 'data-keys' };
    await expect((await make('azure-key-vault', variables(both))).unwrap(wrapped, 'c')).resolves.toHaveLength(32);
  });
});

it.each([
  ['', 0],
  ['123456789', 0xe3069283],
  ['\0'.repeat(32), 0x8a9136aa],
])('computes CRC-32C as RFC 3720 has it', (text, expected) => {
  expect(crc32c(Buffer.from(text))).toBe(expected);
});
