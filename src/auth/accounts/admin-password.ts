import { Secret } from '../../config/secret.js';
import { secret, type Setting } from '../../config/setting.js';

const SHORTEST = 12;
const KNOWN = new Set(['changeme', 'changeme123!', 'administrator', 'password1234', 'admin@example.com']);

/** The bootstrap password: absent once an administrator exists, never a default. */
export function adminPassword(env: string, doc: string): Setting<Secret | undefined> {
  return {
    ...secret(env, `${doc} At least ${SHORTEST} characters.`),
    read: (value) => {
      if (value.length < SHORTEST) throw new Error(`must have at least ${SHORTEST} characters`);
      if (KNOWN.has(value.toLowerCase())) throw new Error('is a known default; choose another');
      return new Secret(value);
    },
  };
}
