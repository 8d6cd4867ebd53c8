import type { AzureClient } from '../../backends/azure-key-vault/azure-client.js';
import { StoreError } from '../../backends/store-error.js';
import { fieldOf } from '../field-of.js';
import { segmentsOf } from '../parse-reference.js';
import { SecretSource } from '../secret-source.js';

/** `azure-kv://<secret>/<version>#<field>`: the vault of AZURE_KEY_VAULT_URL; the newest version when none is named. */
export class AzureSecrets extends SecretSource {
  readonly scheme = 'azure-kv:';

  constructor(private readonly client: AzureClient) {
    super();
  }

  async read(reference: URL): Promise<string> {
    const [secret = '', version = '', ...rest] = segmentsOf(reference);
    if (rest.length > 0)
      throw new StoreError('misconfigured', 'A reference to Azure is azure-kv://secret, or azure-kv://secret/version');
    const path = ['secrets', secret, version];
    const answer = await this.client.ask({ method: 'GET', path, subject: 'the reference' });
    return fieldOf(this.client.text(answer, 'value'), reference);
  }
}
