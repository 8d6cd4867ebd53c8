import { KeyRing } from '#libs/sealing';
import type { Secret } from '../config/secret.js';
import { choice, integer, list, type Setting } from '../config/setting.js';
import { settings } from '../config/settings.js';
import { strongSecret } from '../config/strong-secret.js';
import { KEY_BACKEND_NAMES } from './backends/key-backend-names.js';

const CURRENT = strongSecret(
  'AUTH_ENCRYPTION_SECRET',
  'The secret from which the keys for stored credentials are derived. Keep it: without it they are lost.',
);
const MOST_PREVIOUS = 8;
const texts = list('AUTH_ENCRYPTION_PREVIOUS_SECRETS', [], '');
const PREVIOUS: Setting<readonly Secret[]> = {
  ...texts,
  doc: 'Secrets that were AUTH_ENCRYPTION_SECRET before: what they sealed is read until `portcullis keys rotate` has sealed it anew. At most 8.',
  secret: true,
  fallback: [],
  read: (value) => {
    const secrets = texts.read(value);
    if (secrets.length > MOST_PREVIOUS) throw new Error(`has more than ${MOST_PREVIOUS} entries`);
    return secrets.map(CURRENT.read);
  },
};

export class VaultSettings extends settings('Secrets at rest', {
  encryptionSecret: CURRENT,
  previousSecrets: PREVIOUS,
  keyBackend: choice(
    'KEY_BACKEND',
    KEY_BACKEND_NAMES,
    'local',
    'Who holds the key-encryption keys that wrap the data keys of stored secrets. `local` derives them from AUTH_ENCRYPTION_SECRET.',
  ),
  keyCacheSeconds: integer(
    'KEY_CACHE_SECONDS',
    300,
    { min: 1, max: 86_400 },
    'How long an unwrapped data key is kept in memory, seconds; the backend is asked again then.',
  ),
  keyTimeoutMs: integer(
    'KEY_BACKEND_TIMEOUT_MS',
    10_000,
    { min: 100, max: 60_000 },
    'Longest wait for the key backend or a remote signer, with all attempts, milliseconds.',
  ),
  keyRetirementSeconds: integer(
    'KEY_RETIREMENT_SECONDS',
    300,
    { min: 1, max: 2_592_000 },
    'How long no row may have named a retired data key before it is destroyed, seconds.',
  ),
}) {
  /** The keys derived for one purpose: the present secret’s seals, those of all secrets open. */
  keyRing(purpose: string): KeyRing {
    const [current, ...previous] = [this.encryptionSecret, ...this.previousSecrets].map((secret) =>
      KeyRing.fromSecret(secret.reveal(), purpose),
    );
    return KeyRing.of(current!, ...previous);
  }
}
