import { Secret } from './secret.js';
import type { Setting } from './setting.js';

const SHORTEST = 32;
const FEWEST_DISTINCT = 10;
const KNOWN =
  /my-test-(key|salt)|changeme|change-me|secret-?key|^secret|password|__replace_me__|example|insecure|default/i;

/** A secret that must be there and be strong, in every environment: known, short or monotonous ones stop the start. */
export function strongSecret(env: string, doc: string): Setting<Secret> {
  return {
    env,
    doc: `${doc} At least ${SHORTEST} characters, random. Created in DATA_DIR on a first start outside production.`,
    aliases: [],
    shown: '',
    type: 'secret',
    secret: true,
    required: true,
    fallback: new Secret(''),
    read: (value) => {
      if (value.length < SHORTEST) throw new Error(`must have at least ${SHORTEST} characters`);
      if (new Set(value).size < FEWEST_DISTINCT) throw new Error('is too monotonous; take random bytes');
      if (KNOWN.test(value)) throw new Error('is a known or placeholder value; take random bytes');
      return new Secret(value);
    },
  };
}
