import { integer, list } from '../../config/setting.js';
import { settings } from '../../config/settings.js';

export class KeyStoreSettings extends settings('Stores of keys and secrets', {
  timeoutMs: integer(
    'KEY_STORE_TIMEOUT_MS',
    3000,
    { min: 100, max: 60_000 },
    'Longest call of Vault, AWS, Google Cloud, Azure or a PKCS #11 module, milliseconds; of the first four, one that fails on their side is made three times.',
  ),
  previousKeys: list(
    'KEY_BACKEND_PREVIOUS_KEYS',
    [],
    'Names of further keys of KEY_BACKEND that may unwrap what they wrapped, as the setting of the key named them.',
  ),
}) {}
