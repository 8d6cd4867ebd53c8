import type { Environment } from '../../../config/environment.js';
import { StoreError } from '../../backends/store-error.js';
import { segmentsOf } from '../parse-reference.js';
import { SecretSource } from '../secret-source.js';

/** `env://<NAME>`: a variable of the environment that SECRET_REFERENCES_ENVIRONMENT names. */
export class EnvironmentSecrets extends SecretSource {
  readonly scheme = 'env:';

  constructor(
    private readonly environment: Environment,
    private readonly names: readonly string[],
  ) {
    super();
  }

  async read(reference: URL): Promise<string> {
    const name = segmentsOf(reference).join('/');
    const value = this.names.includes(name) ? this.environment.get(name) : undefined;
    if (value !== undefined) return value;
    throw new StoreError(
      'missing',
      'A reference names a variable that is not set, or not in SECRET_REFERENCES_ENVIRONMENT',
    );
  }
}
