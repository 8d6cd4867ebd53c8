import type { GcpClient } from '../../backends/gcp-kms/gcp-client.js';
import { StoreError } from '../../backends/store-error.js';
import { fieldOf } from '../field-of.js';
import { segmentsOf } from '../parse-reference.js';
import { SecretSource } from '../secret-source.js';

/** `gcp-sm://<project>/<secret>/<version>#<field>`: Google Cloud Secret Manager; the latest version when none is named. */
export class GcpSecrets extends SecretSource {
  readonly scheme = 'gcp-sm:';

  /** @param url of the API */
  constructor(
    private readonly client: GcpClient,
    private readonly url: string,
  ) {
    super();
  }

  async read(reference: URL): Promise<string> {
    const segments = segmentsOf(reference);
    const [project = '', secret = '', version = 'latest', ...rest] = segments;
    const name = [project, secret, version].every((part) => /^[\w.-]{1,255}$/.test(part));
    if (segments.length < 2 || rest.length > 0 || !name)
      throw new StoreError(
        'misconfigured',
        'A reference to Google Cloud is gcp-sm://project/secret, or …/secret/version',
      );
    const url = `${this.url}/v1/projects/${project}/secrets/${secret}/versions/${version}:access`;
    const answer = await this.client.ask({ method: 'GET', url, subject: 'the reference' });
    return fieldOf(this.client.bytes(answer, 'dataCrc32c', 'payload', 'data').toString('utf8'), reference);
  }
}
