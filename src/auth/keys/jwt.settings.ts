import type { Secret } from '../../config/secret.js';
import { choice, flag, integer, optional, type Setting } from '../../config/setting.js';
import { settings } from '../../config/settings.js';
import { strongSecret } from '../../config/strong-secret.js';
import { JWT_ALGORITHMS } from './jwt-algorithm.js';
import { KeyLoader } from './key-loader.js';
import { previousKeys } from './previous-keys.js';
import { REMOTE_SIGNER_NAMES } from './remote-signer-names.js';

const SECRET: Setting<Secret | undefined> = {
  ...strongSecret('JWT_SECRET_KEY', 'The secret that signs and verifies tokens; needed with an HS algorithm.'),
  required: false,
  fallback: undefined,
};
// Accepted for those who bring it along. To take `false` and refuse weak secrets all the same would be a lie.
const STRONG: Setting<boolean> = {
  ...flag('REQUIRE_STRONG_SECRETS', true, 'Weak, known and placeholder secrets stop the start, in every environment.'),
  type: 'true',
  read: (value) => {
    if (!flag('', true, '').read(value)) throw new Error('cannot be switched off; set strong secrets and remove it');
    return true;
  },
};
const RETIRED = 'each with the instant it was retired';

export class JwtSettings extends settings(
  'Token keys',
  {
    algorithm: choice(
      'JWT_ALGORITHM',
      JWT_ALGORITHMS,
      'HS256',
      'How tokens are signed. HS takes JWT_SECRET_KEY, the others a pair of PEM files.',
    ),
    secret: SECRET,
    privateKeyPath: optional(
      'JWT_PRIVATE_KEY_PATH',
      'The PEM file of the private key; nobody but its owner may read it.',
    ),
    publicKeyPath: optional('JWT_PUBLIC_KEY_PATH', 'The PEM file of its public key, shown at /.well-known/jwks.json.'),
    previousSecrets: previousKeys(
      'JWT_PREVIOUS_SECRET_KEYS',
      `Secrets that signed before, ${RETIRED}: \`secret@2026-07-01T12:00:00Z\`, or \`HS512:secret@…\` for another algorithm.`,
      { secret: true },
    ),
    previousPublicKeys: previousKeys(
      'JWT_PREVIOUS_PUBLIC_KEY_PATHS',
      `PEM files of public keys whose private half signed before, ${RETIRED}: \`path@2026-07-01T12:00:00Z\`.`,
      { secret: false },
    ),
    graceHours: integer(
      'JWT_KEY_GRACE_HOURS',
      24,
      { min: 0, max: 17_520 },
      'How long after its retirement a key still verifies what it had signed before, hours.',
    ),
    leadSeconds: integer(
      'JWT_KEY_LEAD_SECONDS',
      300,
      { min: 0, max: 86_400 },
      'How long `keys rotate --jwt` publishes a key before it signs, seconds; as long as others may keep /.well-known/jwks.json.',
    ),
    signer: choice(
      'JWT_SIGNER',
      ['local', ...REMOTE_SIGNER_NAMES],
      'local',
      'Where `keys rotate --jwt` takes the next key from: `local` makes one and keeps it sealed; with the others the private key stays there.',
    ),
    derivePerEnvironment: flag(
      'DERIVE_KEY_PER_ENVIRONMENT',
      false,
      'Derive the HMAC keys from secret and ENVIRONMENT (HKDF), so that no environment takes another’s tokens.',
    ),
    requireStrongSecrets: STRONG,
  },
  // Which environment it is changes no fault.
  (values) => new KeyLoader(values, '').faults,
) {}
