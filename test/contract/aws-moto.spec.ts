import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AwsClient } from '../../src/vault/backends/aws-kms/aws-client.js';
import { AwsKmsBackend } from '../../src/vault/backends/aws-kms/aws-kms-backend.js';
import { AwsSettings } from '../../src/vault/backends/aws-kms/aws.settings.js';
import { AwsSecrets } from '../../src/vault/references/sources/aws-secrets.js';
import { settingsOf } from '../fixtures/settings-of.js';
import { loopbackEgress } from '../fixtures/upstreams/loopback-egress.js';

const REGION = 'eu-central-1';
const CREDENTIALS = { accessKeyId: 'AKIATESTFIXTURE', secretAccessKey: 'secret-of-a-test-fixture' };
const hasMoto = spawnSync('python3', ['-c', 'import moto.server'], { stdio: 'ignore' }).status === 0;

describe.skipIf(!hasMoto)(
  `AWS as moto has it${hasMoto ? '' : ': SKIPPED, for want of moto (pip install "moto[server]")'}`,
  () => {
    const egress = loopbackEgress();
    let moto: ChildProcess;
    let url: string;
    let client: AwsClient;

    beforeAll(async () => {
      moto = spawn('python3', ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      for await (const line of createInterface({ input: moto.stderr ?? process.stdin })) {
        url = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1] ?? '';
        if (url !== '') break;
      }
      moto.stderr?.resume();
      const settings = settingsOf(AwsSettings, {
        AWS_REGION: REGION,
        AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      });
      client = new AwsClient(egress, settings, 10_000);
    });
    afterAll(async () => {
      await egress.close();
      const exit = once(moto, 'exit');
      moto.kill();
      await exit;
    });

    it('wraps and unwraps', async () => {
      const kms = new KMSClient({ region: REGION, endpoint: url, credentials: CREDENTIALS });
      const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
      kms.destroy();
      const backend = new AwsKmsBackend(client, { key: KeyMetadata?.Arn ?? '', previous: [], endpoint: url });
      await backend.check();
      const dataKey = randomBytes(32);
      const wrapped = await backend.wrap(dataKey, 'c');
      expect(await backend.unwrap(wrapped, 'c')).toEqual(dataKey);
      await expect(backend.unwrap(wrapped, 'd')).rejects.toMatchObject({ reason: 'refused' });
      const nobody = new AwsKmsBackend(client, { key: `${KeyMetadata?.Arn}0`, previous: [], endpoint: url });
      await expect(nobody.check()).rejects.toMatchObject({ reason: 'missing' });
    });

    it('reads secrets', async () => {
      const manager = new SecretsManagerClient({ region: REGION, endpoint: url, credentials: CREDENTIALS });
      await manager.send(new CreateSecretCommand({ Name: 'prod/crm', SecretString: '{"token":"of-a-test-fixture"}' }));
      manager.destroy();
      const source = new AwsSecrets(client, url);
      expect(await source.read(new URL('aws-sm://prod/crm#token'))).toBe('of-a-test-fixture');
      await expect(source.read(new URL('aws-sm://prod/other#token'))).rejects.toMatchObject({ reason: 'missing' });
    });
  },
);
