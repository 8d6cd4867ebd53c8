import { isJsonObject } from '#libs/mcp';
import { StoreError } from '../../backends/store-error.js';
import type { VaultClient } from '../../backends/vault-transit/vault-client.js';
import { segmentsOf } from '../parse-reference.js';
import { SecretSource } from '../secret-source.js';

/** `vault://<mount>/<path>?version=<n>#<field>`: version 2 of the KV engine of Vault or OpenBao. */
export class VaultSecrets extends SecretSource {
  readonly scheme = 'vault:';

  constructor(private readonly client: VaultClient) {
    super();
  }

  async read(reference: URL): Promise<string> {
    const [mount = '', ...path] = segmentsOf(reference);
    const field = decodeURIComponent(reference.hash.slice(1));
    const version = reference.searchParams.get('version');
    if (path.length === 0 || field === '' || (version !== null && !/^\d{1,9}$/.test(version)))
      throw new StoreError('misconfigured', 'A reference to Vault is vault://mount/path#field, or …?version=1#field');
    const data = await this.client.ask({
      method: 'GET',
      path: [mount, 'data', ...path],
      query: version === null ? '' : `?version=${version}`,
      subject: 'the reference',
    });
    const fields = data['data'];
    const value = isJsonObject(fields) && Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (typeof value === 'string') return value;
    throw new StoreError('missing', 'The secret that a reference to Vault names has no such field with a text');
  }
}
