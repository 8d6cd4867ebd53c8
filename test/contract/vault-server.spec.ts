import nodeVault from 'node-vault';
import { createPublicKey, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KUBERNETES_TOKEN, ROLE_ID, ROOT_TOKEN, SECRET_ID, VaultServer } from '../fixtures/stores/vault-server.js';

// What the tests of the gateway take for Vault is asked here by a client that others wrote for the real one.
describe('the Vault of the tests, for node-vault', () => {
  const server = new VaultServer();
  let client: nodeVault.client;
  const base64 = (text: string): string => Buffer.from(text).toString('base64');

  beforeAll(async () => {
    await server.start();
    server.rotate('data-keys');
    server.rotate('tokens', 'ecdsa-p256');
    client = nodeVault({ endpoint: server.url, token: ROOT_TOKEN });
  });
  afterAll(() => server.stop());

  it('logs in by AppRole and by Kubernetes, and renews', async () => {
    const fresh = nodeVault({ endpoint: server.url });
    const { auth } = await fresh.approleLogin({ role_id: ROLE_ID, secret_id: SECRET_ID });
    expect(auth).toMatchObject({ lease_duration: 3600, renewable: true });
    expect((await fresh.tokenRenewSelf()).auth.client_token).toBe(auth.client_token);
    expect((await fresh.tokenLookupSelf()).data.ttl).toBe(3600);
    await expect(fresh.approleLogin({ role_id: ROLE_ID, secret_id: 'wrong' })).rejects.toThrow(
      'invalid role or secret',
    );
    const { auth: other } = await fresh.kubernetesLogin({
      mount_point: 'kubernetes',
      role: 'portcullis',
      jwt: KUBERNETES_TOKEN,
    });
    expect(other.client_token).not.toBe(auth.client_token);
  });

  it('keeps versions of secrets', async () => {
    await client.write('kv/data/app', { data: { token: 'one' } });
    await client.write('kv/data/app', { data: { token: 'two' } });
    expect((await client.read('kv/data/app')).data.data).toEqual({ token: 'two' });
    expect((await client.read('kv/data/app?version=1')).data.data).toEqual({ token: 'one' });
    await expect(client.read('kv/data/none')).rejects.toMatchObject({ response: { statusCode: 404 } });
  });

  it('encrypts and decrypts, with what is associated', async () => {
    const associated = { associated_data: base64('here') };
    const { data } = await client.write('transit/encrypt/data-keys', {
      plaintext: base64('key'),
      ...associated,
    });
    expect(data.ciphertext).toMatch(/^vault:v1:/);
    const body = { ciphertext: data.ciphertext };
    expect((await client.write('transit/decrypt/data-keys', { ...body, ...associated })).data.plaintext).toBe(
      base64('key'),
    );
    await expect(client.write('transit/decrypt/data-keys', body)).rejects.toThrow('authentication failed');
  });

  it('signs', async () => {
    const input = base64('input');
    const body = { input, hash_algorithm: 'sha2-256', marshaling_algorithm: 'jws' };
    const { signature } = (await client.write('transit/sign/tokens', body)).data;
    const key = createPublicKey((await client.read('transit/keys/tokens')).data.keys['1'].public_key);
    const bytes = Buffer.from(signature.split(':')[2], 'base64url');
    expect(verify('sha256', Buffer.from('input'), { key, dsaEncoding: 'ieee-p1363' }, bytes)).toBe(true);
  });

  it('lets nobody in without a token that counts', async () => {
    await expect(nodeVault({ endpoint: server.url, token: 'wrong' }).read('kv/data/app')).rejects.toThrow(
      'permission denied',
    );
  });
});
