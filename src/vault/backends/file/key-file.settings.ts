import { optional } from '../../../config/setting.js';
import { settings } from '../../../config/settings.js';

export class KeyFileSettings extends settings('A file of keys', {
  path: optional(
    'KEY_FILE_PATH',
    'With KEY_BACKEND=file: a file that nobody but its owner may read, with a line `id:key` for each key-encryption key, 32 random bytes in base64. The first wraps, all unwrap.',
  ),
}) {}
