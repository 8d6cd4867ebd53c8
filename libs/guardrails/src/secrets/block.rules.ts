import { isEncodedObject } from './encoded.js';
import { always, token } from './token-rule.js';

const PRIVATE_KEYS_IN_BASE64 = ['', 'RSA ', 'EC ', 'DSA ', 'OPENSSH ', 'ENCRYPTED ', 'PGP ']
  .map((kind) => Buffer.from(`-----BEGIN ${kind}PRIVATE KEY`).toString('base64').slice(0, -4).toLowerCase())
  .join(' ');
const B64 = '[A-Za-z0-9_-]';

/** Secrets that carry their own structure: signed tokens, and keys in armour. */
export const BLOCK_RULES = [
  token('jwt_like', 'eyj', `eyJ${B64}{8,800}\\.${B64}{10,8000}(?:\\.${B64}{0,2000}){0,3}`, {
    score: (jwt) => {
      const [header, payload] = jwt.split('.', 2);
      return isEncodedObject(header!, ['alg', 'enc', 'typ', 'kid']) && payload !== undefined ? 0.95 : 0;
    },
  }),
  token('private_key_block', PRIVATE_KEYS_IN_BASE64, 'LS0tLS1CRUdJTi[A-Za-z0-9+/\\\\\\s]{60,8000}={0,2}', always),
  token(
    'putty_key',
    'putty-user-key-file',
    'PuTTY-User-Key-File-\\d: [^]{0,4000}?Private-Lines: \\d{1,3}\\s[A-Za-z0-9+/=\\s]{40,8000}Private-MAC: [0-9a-f]{40,64}',
    always,
  ),
  token(
    'wireguard_key',
    'privatekey presharedkey',
    '(?:PrivateKey|PresharedKey)\\s?=\\s?([A-Za-z0-9+/]{42,43}=)(?!=)',
    always,
  ),
  token('jwk_private_key', '"d"', '"d"\\s{0,3}:\\s{0,3}"([A-Za-z0-9_-]{40,700})(?=")', {
    inWord: true,
    score: (_, { input, index }) => (input.slice(Math.max(0, index - 2000), index + 2000).includes('"kty"') ? 0.95 : 0),
  }),
];
