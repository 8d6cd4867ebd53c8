import { strongSecret } from '../config/strong-secret.js';
import { settings } from '../config/settings.js';

export class VaultSettings extends settings('Secrets at rest', {
  encryptionSecret: strongSecret(
    'AUTH_ENCRYPTION_SECRET',
    'The secret from which the keys for stored credentials are derived. Keep it: without it they are lost.',
  ),
}) {}
