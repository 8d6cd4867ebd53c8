import { Secret } from './secret.js';
import type { Setting } from './setting.js';

const SHORTEST = 32;
const FEWEST_DISTINCT = 10;
const KNOWN =
  /my[-_]?test|test[-_]?(key|salt|secret)|change[-_]?(me|this|it)|(secret|signing|jwt|private)[-_]?key|^secret|(my|your|super)[-_]?secret|passw(or)?d|replace[-_]?me|placeholder|example|insecure|default|qwerty|0123456789|1234567890|abcdefgh/i;

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
      if (new Set(value).size < FEWEST_DISTINCT || repeats(value)) {
        throw new Error('is too monotonous; take random bytes');
      }
      if (KNOWN.test(value)) throw new Error('is a known or placeholder value; take random bytes');
      return new Secret(value);
    },
  };
}

/** Whether a text is one shorter text again and again. */
function repeats(value: string): boolean {
  for (let period = 1; period <= value.length / 2 && period <= 1024; period += 1) {
    if (value.startsWith(value.slice(period))) return true;
  }
  return false;
}
