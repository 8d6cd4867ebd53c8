import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compactVerify, importSPKI } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RemoteSigner } from '../../src/auth/keys/remote-signer.js';
import type { RemoteSignerName } from '../../src/auth/keys/remote-signer-names.js';
import { REMOTE_SIGNERS } from '../../src/auth/keys/remote-signers.js';
import { StoreError } from '../../src/vault/backends/store-error.js';
import { AwsServer, SIGNING_KEY } from '../fixtures/stores/aws-server.js';
import { AZURE_SECRET, AzureServer } from '../fixtures/stores/azure-server.js';
import { DigestSigner } from '../fixtures/stores/digest-signer.js';
import { GCP_SIGNING_KEY, GcpServer } from '../fixtures/stores/gcp-server.js';
import { partsOf } from '../fixtures/stores/parts-of.js';
import type { StoreServer } from '../fixtures/stores/store-server.js';
import { ROOT_TOKEN, VaultServer } from '../fixtures/stores/vault-server.js';
import { loopbackEgress } from '../fixtures/upstreams/loopback-egress.js';

interface Contract {
  readonly name: RemoteSignerName;
  readonly algorithm: string;
  readonly server: StoreServer & { readonly signer?: DigestSigner };
  readonly variables: () => Record<string, string>;
}

const folder = mkdtempSync(join(tmpdir(), 'portcullis-remote-signers-'));
const [vault, aws, gcp, azure] = [new VaultServer(), new AwsServer(), new GcpServer(), new AzureServer()];
vault.rotate('ec', 'ecdsa-p256');
vault.rotate('rsa', 'rsa-2048');

const transit = (algorithm: string, key: string): Contract => ({
  name: 'vault-transit',
  algorithm,
  server: vault,
  variables: () => ({ VAULT_ADDR: vault.url, VAULT_TOKEN: ROOT_TOKEN, JWT_REMOTE_KEY: key }),
});

const CONTRACTS: readonly Contract[] = [
  transit('ES256', 'ec'),
  transit('RS256', 'rsa'),
  transit('PS384', 'rsa'),
  {
    name: 'aws-kms',
    algorithm: 'ES256',
    server: aws,
    variables: () => ({
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'AKIATESTFIXTURE',
      AWS_SECRET_ACCESS_KEY: 'aws-secret-of-a-test-fixture',
      AWS_ENDPOINT_URL_KMS: aws.url,
      JWT_REMOTE_KEY: SIGNING_KEY,
    }),
  },
  {
    name: 'gcp-kms',
    algorithm: 'ES256',
    server: gcp,
    variables: () => ({
      GOOGLE_APPLICATION_CREDENTIALS: gcp.accountFile(folder),
      GCP_KMS_URL: gcp.url,
      JWT_REMOTE_KEY: GCP_SIGNING_KEY,
    }),
  },
  {
    name: 'azure-key-vault',
    algorithm: 'ES256',
    server: azure,
    variables: () => ({
      AZURE_TENANT_ID: 'tenant',
      AZURE_CLIENT_ID: 'client',
      AZURE_CLIENT_SECRET: AZURE_SECRET,
      AZURE_AUTHORITY_HOST: azure.url,
      AZURE_KEY_VAULT_URL: azure.url,
      JWT_REMOTE_KEY: 'tokens',
    }),
  },
];

const egress = loopbackEgress();
beforeAll(async () => {
  for (const server of [vault, aws, gcp, azure]) await server.start();
});
afterAll(async () => {
  await egress.close();
  for (const server of [vault, aws, gcp, azure]) await server.stop();
  rmSync(folder, { recursive: true });
});

describe.each(CONTRACTS)('$name with $algorithm', ({ name, algorithm, server, variables }) => {
  const make = (more: Record<string, string> = {}, reference?: string): Promise<RemoteSigner> => {
    const given = { ...variables(), JWT_REMOTE_ALGORITHM: algorithm, ...more };
    return REMOTE_SIGNERS[name](partsOf(egress, given), reference);
  };
  const input = (claims = 'claims'): Buffer => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const bytes = Buffer.from(`${part({ alg: algorithm })}.${part({ sub: claims })}`);
    server.signer?.announce(bytes);
    return bytes;
  };
  afterEach(() => server.reset());

  it('signs what an independent library verifies', async () => {
    const signer = await make();
    const signed = input();
    const jws = `${signed.toString()}.${(await signer.sign(signed)).toString('base64url')}`;
    const pem = signer.publicKey.export({ format: 'pem', type: 'spki' }).toString();
    const { protectedHeader } = await compactVerify(jws, await importSPKI(pem, algorithm));
    expect(protectedHeader.alg).toBe(algorithm);
    expect(signer.algorithm).toBe(algorithm);
  });

  it('is found again by its reference, whatever the settings say by then', async () => {
    const before = await make();
    expect(before.reference.length).toBeLessThanOrEqual(512);
    const signer = await make({ JWT_REMOTE_KEY: 'another', JWT_REMOTE_ALGORITHM: 'ES384' }, before.reference);
    expect(signer.publicKey.equals(before.publicKey)).toBe(true);
    expect(signer.reference).toBe(before.reference);
    await expect(signer.sign(input())).resolves.toBeInstanceOf(Buffer);
  });

  it('passes no signature on that its public key does not verify', async () => {
    const { publicKey } = await make();
    const signer = await make();
    const kind =
      publicKey.asymmetricKeyType === 'rsa'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : new DigestSigner().pair;
    Object.assign(signer, { publicKey: kind.publicKey });
    await expect(signer.sign(input())).rejects.toThrow('does not verify');
  });

  it.each(['down', 'garbage', 'empty', 'huge', 'forbidden'] as const)('fails when the store is %s', async (trouble) => {
    const signer = await make();
    server.trouble = trouble;
    await expect(signer.sign(input())).rejects.toThrow(StoreError);
    await expect(make()).rejects.toThrow(StoreError);
  });

  it('refuses a key that is not for the algorithm', async () => {
    const other = algorithm.startsWith('ES') ? 'RS256' : 'ES256';
    await expect(make({ JWT_REMOTE_ALGORITHM: other })).rejects.toThrow('JWT_REMOTE_KEY');
  });

  it('refuses to be without a key', async () => {
    const { JWT_REMOTE_KEY: _, ...rest } = variables();
    await expect((async () => REMOTE_SIGNERS[name](partsOf(egress, rest)))()).rejects.toThrow('JWT_REMOTE_KEY');
  });

  it.each(['', 'ES256', 'HS256:x', 'none:x'])('refuses the reference %j', async (reference) => {
    await expect(make({}, reference)).rejects.toThrow(StoreError);
  });
});

it('signs with the newest version of a transit key, and with an older one by its reference', async () => {
  const given = { VAULT_ADDR: vault.url, VAULT_TOKEN: ROOT_TOKEN, JWT_REMOTE_KEY: 'rotated' };
  const parts = partsOf(egress, given);
  vault.rotate('rotated', 'ecdsa-p256');
  const first = await REMOTE_SIGNERS['vault-transit'](parts);
  vault.rotate('rotated', 'ecdsa-p256');
  const second = await REMOTE_SIGNERS['vault-transit'](parts);
  expect(second.publicKey.equals(first.publicKey)).toBe(false);
  const again = await REMOTE_SIGNERS['vault-transit'](parts, first.reference);
  expect(again.publicKey.equals(first.publicKey)).toBe(true);
  await expect(again.sign(Buffer.from('input'))).resolves.toHaveLength(64);
});
