import { isAbsolute } from 'node:path';
import { optional, secret } from '../../../config/setting.js';
import { settings } from '../../../config/settings.js';

export class Pkcs11Settings extends settings('PKCS #11', {
  module: optional(
    'PKCS11_MODULE',
    'The library of the HSM, which is loaded into the gateway, with KEY_BACKEND=pkcs11. Needs the package pkcs11js.',
    { check: isAbsolute, rule: 'must be an absolute path' },
  ),
  token: optional('PKCS11_TOKEN_LABEL', 'The label of the token.'),
  pin: secret('PKCS11_PIN', 'The PIN of its user.'),
  key: optional('PKCS11_KEY_LABEL', 'The label of the AES key that wraps data keys (CKM_AES_GCM).'),
}) {}
