import { optional, text } from '../../../config/setting.js';
import { settings } from '../../../config/settings.js';
import { STORE_URL } from '../store-url.js';

export class GcpSettings extends settings('Google Cloud', {
  credentials: optional(
    'GOOGLE_APPLICATION_CREDENTIALS',
    'A file of credentials: the key of a service account, or a configuration of workload identity federation whose token is in a file.',
  ),
  kmsKey: optional('GCP_KMS_KEY', 'The key that wraps data keys, with KEY_BACKEND=gcp-kms.', {
    pattern: /^projects\/[\w:.-]+\/locations\/[\w-]+\/keyRings\/[\w-]+\/cryptoKeys\/[\w-]+$/,
    rule: 'must be projects/…/locations/…/keyRings/…/cryptoKeys/…',
  }),
  kmsUrl: text('GCP_KMS_URL', 'https://cloudkms.googleapis.com', 'Where Cloud KMS is.', STORE_URL),
  secretsUrl: text(
    'GCP_SECRET_MANAGER_URL',
    'https://secretmanager.googleapis.com',
    'Where Secret Manager is.',
    STORE_URL,
  ),
}) {}
