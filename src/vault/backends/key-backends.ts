import type { Type } from '@nestjs/common';
import { Egress } from '#libs/egress';
import { AzureClient } from './azure-key-vault/azure-client.js';
import { AzureKeyBackend } from './azure-key-vault/azure-key-backend.js';
import { AzureSettings } from './azure-key-vault/azure.settings.js';
import { FileBackend } from './file/file-backend.js';
import { KeyFileSettings } from './file/key-file.settings.js';
import { GcpClient } from './gcp-kms/gcp-client.js';
import { GcpKmsBackend } from './gcp-kms/gcp-kms-backend.js';
import { GcpSettings } from './gcp-kms/gcp.settings.js';
import type { KeyBackend } from './key-backend.js';
import type { KeyBackendName } from './key-backend-names.js';
import { KeyStoreSettings } from './key-store.settings.js';
import { LocalKeyBackend } from './local-key-backend.js';
import { Pkcs11Backend } from './pkcs11/pkcs11-backend.js';
import { Pkcs11Session } from './pkcs11/pkcs11-session.js';
import { Pkcs11Settings } from './pkcs11/pkcs11.settings.js';
import { StoreError } from './store-error.js';
import { HashicorpSettings } from './vault-transit/hashicorp.settings.js';
import { TransitBackend } from './vault-transit/transit-backend.js';
import { VaultClient } from './vault-transit/vault-client.js';
import { VaultSettings } from '../vault.settings.js';

/** What a backend is made of: any settings class, `Egress`, and what else the application provides. */
export type Parts = <T extends object>(type: Type<T>) => T;

/** @throws Error that names the setting it lacks */
export type KeyBackendMaker = (parts: Parts) => KeyBackend | Promise<KeyBackend>;

/** Every kind of key backend. One that brings a large library along imports it in its maker. */
export const KEY_BACKENDS: Readonly<Record<KeyBackendName, KeyBackendMaker>> = {
  local: (parts) => new LocalKeyBackend(parts(VaultSettings)),
  file: (parts) => new FileBackend(parts(KeyFileSettings).path),
  'vault-transit': (parts) => {
    const settings = parts(HashicorpSettings);
    const { timeoutMs, previousKeys: previous } = parts(KeyStoreSettings);
    const key = required(settings.transitKey, 'VAULT_TRANSIT_KEY');
    return new TransitBackend(new VaultClient(parts(Egress), settings, timeoutMs), {
      mount: settings.transitMount,
      key,
      previous,
    });
  },
  'aws-kms': async (parts) => {
    const [{ AwsClient }, { AwsSettings }, { AwsKmsBackend }] = await Promise.all([
      import('./aws-kms/aws-client.js'),
      import('./aws-kms/aws.settings.js'),
      import('./aws-kms/aws-kms-backend.js'),
    ]);
    const settings = parts(AwsSettings);
    const { timeoutMs, previousKeys: previous } = parts(KeyStoreSettings);
    const key = required(settings.kmsKey, 'AWS_KMS_KEY_ID');
    const client = new AwsClient(parts(Egress), settings, timeoutMs);
    return new AwsKmsBackend(client, { key, previous, endpoint: settings.kmsUrl });
  },
  'gcp-kms': (parts) => {
    const settings = parts(GcpSettings);
    const { timeoutMs, previousKeys: previous } = parts(KeyStoreSettings);
    const key = required(settings.kmsKey, 'GCP_KMS_KEY');
    return new GcpKmsBackend(new GcpClient(parts(Egress), settings, timeoutMs), {
      key,
      previous,
      url: settings.kmsUrl,
    });
  },
  'azure-key-vault': (parts) => {
    const settings = parts(AzureSettings);
    const { timeoutMs, previousKeys: previous } = parts(KeyStoreSettings);
    const key = required(settings.key, 'AZURE_KEY_VAULT_KEY');
    const client = new AzureClient(parts(Egress), settings, timeoutMs);
    return new AzureKeyBackend(client, { key, previous, algorithm: settings.algorithm });
  },
  pkcs11: (parts) => {
    const settings = parts(Pkcs11Settings);
    const { timeoutMs, previousKeys: previous } = parts(KeyStoreSettings);
    const key = required(settings.key, 'PKCS11_KEY_LABEL');
    return new Pkcs11Backend(new Pkcs11Session(settings, timeoutMs), { key, previous });
  },
};

function required(value: string | undefined, setting: string): string {
  if (value !== undefined) return value;
  throw new StoreError('misconfigured', `${setting} is required with this KEY_BACKEND`);
}
