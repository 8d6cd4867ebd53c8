import { Egress } from '#libs/egress';
import { Global, Module } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { AwsSettings } from '../backends/aws-kms/aws.settings.js';
import { AzureClient } from '../backends/azure-key-vault/azure-client.js';
import { AzureSettings } from '../backends/azure-key-vault/azure.settings.js';
import { GcpClient } from '../backends/gcp-kms/gcp-client.js';
import { GcpSettings } from '../backends/gcp-kms/gcp.settings.js';
import { KeyStoreSettings } from '../backends/key-store.settings.js';
import { HashicorpSettings } from '../backends/vault-transit/hashicorp.settings.js';
import { VaultClient } from '../backends/vault-transit/vault-client.js';
import { ReferenceSettings } from './reference.settings.js';
import { SecretReferences } from './secret-references.js';
import type { SecretSource } from './secret-source.js';
import { AzureSecrets } from './sources/azure-secrets.js';
import { EnvironmentSecrets } from './sources/environment-secrets.js';
import { GcpSecrets } from './sources/gcp-secrets.js';
import { MountedSecrets } from './sources/mounted-secrets.js';
import { VaultSecrets } from './sources/vault-secrets.js';

const PARTS = [
  ReferenceSettings,
  Environment,
  Egress,
  KeyStoreSettings,
  HashicorpSettings,
  AwsSettings,
  GcpSettings,
  AzureSettings,
] as const;

type Instances<T extends readonly (abstract new (...args: never) => unknown)[]> = {
  [K in keyof T]: InstanceType<T[K]>;
};

/** References to secrets that the operator keeps elsewhere. */
@Global()
@Module({
  providers: [{ provide: SecretReferences, inject: [...PARTS], useFactory: openReferences }],
  exports: [SecretReferences],
})
export class ReferencesModule {}

async function openReferences(...parts: Instances<typeof PARTS>): Promise<SecretReferences> {
  const [settings, environment, egress, { timeoutMs }, hashicorp, aws, gcp, azure] = parts;
  const sources: SecretSource[] = [
    new EnvironmentSecrets(environment, settings.variables),
    new MountedSecrets(settings.folder),
    new VaultSecrets(new VaultClient(egress, hashicorp, timeoutMs)),
    new GcpSecrets(new GcpClient(egress, gcp, timeoutMs), gcp.secretsUrl),
    new AzureSecrets(new AzureClient(egress, azure, timeoutMs)),
  ];
  // The library is large: who has no region has no secrets there.
  if (aws.region !== undefined && settings.allowed.some((prefix) => prefix.startsWith('aws-sm:'))) {
    const [{ AwsSecrets }, { AwsClient }] = await Promise.all([
      import('./sources/aws-secrets.js'),
      import('../backends/aws-kms/aws-client.js'),
    ]);
    sources.push(new AwsSecrets(new AwsClient(egress, aws, timeoutMs), aws.secretsUrl));
  }
  return new SecretReferences(sources, settings);
}
