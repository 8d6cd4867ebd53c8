import { HARMLESS_NAME, KEY_NAME, PASSWORD_NAME, SECRET_NAME, TOKEN_NAME, IDENTIFIES } from './keyword.rules.js';

/** What a name says about the value beside it, from what people choose to what only a generator makes. */
export type Kind = 'password' | 'secret' | 'token' | 'provider' | 'key';

/** Names come again and again, so what they say is remembered: so many of them, none longer. */
const [MOST_NAMES, LONGEST_NAME] = [1000, 64];
const remembered = [new Map<string, Kind | undefined>(), new Map<string, Kind | undefined>()] as const;

/**
 * What the value beside such a name would be, where the name speaks of a secret.
 *
 * @param ofProvider whether a provider is named in it
 */
export function kindOf(spelling: string, ofProvider: boolean): Kind | undefined {
  if (spelling.length > LONGEST_NAME) return read(spelling, ofProvider);
  const kinds = remembered[ofProvider ? 1 : 0];
  const known = kinds.get(spelling);
  if (known !== undefined || kinds.has(spelling)) return known;
  if (kinds.size === MOST_NAMES) kinds.clear();
  const kind = read(spelling, ofProvider);
  kinds.set(spelling, kind);
  return kind;
}

function read(spelling: string, ofProvider: boolean): Kind | undefined {
  const name = spelling
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
  if (HARMLESS_NAME.test(name)) return undefined;
  if (PASSWORD_NAME.test(name)) return 'password';
  if (SECRET_NAME.test(name)) return 'secret';
  if (TOKEN_NAME.test(name)) return 'token';
  if (ofProvider && !IDENTIFIES.test(name)) return 'provider';
  return KEY_NAME.test(name) ? 'key' : undefined;
}
