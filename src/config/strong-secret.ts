import { Secret } from './secret.js';
import { secretWeakness } from './secret-weakness.js';
import type { Setting } from './setting.js';

/** A secret that must be there and be strong, in every environment: known, short or monotonous ones stop the start. */
export function strongSecret(env: string, doc: string): Setting<Secret> {
  return {
    env,
    doc: `${doc} At least 32 characters, random. Created in DATA_DIR on a first start outside production.`,
    aliases: [],
    shown: '',
    type: 'secret',
    secret: true,
    required: true,
    fallback: new Secret(''),
    read: (value) => {
      const weakness = secretWeakness(value);
      if (weakness) throw new Error(weakness);
      return new Secret(value);
    },
  };
}
