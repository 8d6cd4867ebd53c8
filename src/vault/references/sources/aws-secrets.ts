import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { AwsClient } from '../../backends/aws-kms/aws-client.js';
import { StoreError } from '../../backends/store-error.js';
import { fieldOf } from '../field-of.js';
import { segmentsOf } from '../parse-reference.js';
import { SecretSource } from '../secret-source.js';

/** `aws-sm://<name>#<field>`, or `aws-sm:///<ARN>#<field>`: AWS Secrets Manager, its current version. */
export class AwsSecrets extends SecretSource {
  readonly scheme = 'aws-sm:';
  readonly #secrets: SecretsManagerClient;

  constructor(
    private readonly client: AwsClient,
    endpoint: string | undefined,
  ) {
    super();
    this.#secrets = new SecretsManagerClient(client.config(endpoint));
  }

  async read(reference: URL): Promise<string> {
    const command = new GetSecretValueCommand({ SecretId: segmentsOf(reference).join('/') });
    const { SecretString } = await this.client.ask(this.#secrets.send(command), 'the reference');
    if (SecretString !== undefined) return fieldOf(SecretString, reference);
    throw new StoreError('missing', 'The secret that a reference to AWS names is no text');
  }
}
