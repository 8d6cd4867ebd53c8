import { Egress } from '#libs/egress';
import type { Parts } from '../../vault/backends/key-backends.js';
import { AzureClient } from '../../vault/backends/azure-key-vault/azure-client.js';
import { AzureSettings } from '../../vault/backends/azure-key-vault/azure.settings.js';
import { GcpClient } from '../../vault/backends/gcp-kms/gcp-client.js';
import { GcpSettings } from '../../vault/backends/gcp-kms/gcp.settings.js';
import { KeyStoreSettings } from '../../vault/backends/key-store.settings.js';
import { HashicorpSettings } from '../../vault/backends/vault-transit/hashicorp.settings.js';
import { VaultClient } from '../../vault/backends/vault-transit/vault-client.js';
import type { WantedKey } from './remote/checked-signer.js';
import { azureSigner } from './remote/azure-signer.js';
import { gcpSigner } from './remote/gcp-signer.js';
import { RemoteKeySettings } from './remote/remote-key.settings.js';
import { transitSigner } from './remote/transit-signer.js';
import type { RemoteSigner } from './remote-signer.js';
import type { RemoteSignerName } from './remote-signer-names.js';

/**
 * @param reference of a {@link RemoteSigner} that signed before; without one, the newest key that the settings name
 * @throws Error that says why it can't be had
 */
export type RemoteSignerMaker = (parts: Parts, reference?: string) => Promise<RemoteSigner>;

/** Every kind of remote signer. One that brings a large library along imports it in its maker. */
export const REMOTE_SIGNERS: Readonly<Record<RemoteSignerName, RemoteSignerMaker>> = {
  'vault-transit': (parts, reference) => {
    const settings = parts(HashicorpSettings);
    const client = new VaultClient(parts(Egress), settings, parts(KeyStoreSettings).timeoutMs);
    return transitSigner(client, { ...wanted(parts, reference), mount: settings.transitMount });
  },
  'aws-kms': async (parts, reference) => {
    const [{ AwsClient }, { AwsSettings }, { awsSigner }] = await Promise.all([
      import('../../vault/backends/aws-kms/aws-client.js'),
      import('../../vault/backends/aws-kms/aws.settings.js'),
      import('./remote/aws-signer.js'),
    ]);
    const settings = parts(AwsSettings);
    const client = new AwsClient(parts(Egress), settings, parts(KeyStoreSettings).timeoutMs);
    return awsSigner(client, { ...wanted(parts, reference), endpoint: settings.kmsUrl });
  },
  'gcp-kms': (parts, reference) => {
    const settings = parts(GcpSettings);
    const client = new GcpClient(parts(Egress), settings, parts(KeyStoreSettings).timeoutMs);
    return gcpSigner(client, { ...wanted(parts, reference), url: settings.kmsUrl });
  },
  'azure-key-vault': (parts, reference) => {
    const client = new AzureClient(parts(Egress), parts(AzureSettings), parts(KeyStoreSettings).timeoutMs);
    return azureSigner(client, wanted(parts, reference));
  },
};

function wanted(parts: Parts, reference: string | undefined): WantedKey {
  const { key, algorithm } = parts(RemoteKeySettings);
  return { key, algorithm, reference };
}
