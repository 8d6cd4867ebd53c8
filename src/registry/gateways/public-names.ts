import { isReference } from '../../vault/references/parse-reference.js';
import { type Credential, type HeaderPair, MASK, secretsOf } from './credential.js';
import type { AuthType } from './gateway.entity.js';

/** No name of a header or a variable has it; the name of a user may. */
const BEFORE_REFERENCE = '=';

/** What a row of the column `auth_names` says of one secret. */
interface PublicName {
  readonly name: string;
  /** The reference to the secret, or `*****`. */
  readonly shown: string;
}

/**
 * What of a credential is no secret, in the form of the column `auth_names`: the user name, or the names of headers and
 * variables; of a reference also itself: a bearer token's as it is, a password's as the second, others after their name (`name=vault://…`).
 */
export function publicNames(credential: Credential): string[] {
  return secretsOf(credential).flatMap(([name, secret]) => {
    const reference = isReference(secret) ? [secret] : [];
    if (credential.type === 'bearer') return reference;
    if (credential.type === 'basic') return [name, ...reference];
    return [[name, ...reference].join(BEFORE_REFERENCE)];
  });
}

/** What a row shows of its credential: names, references, and the mask in the place of secrets. */
export function shownCredential(authType: AuthType | null, names: readonly string[]) {
  const [first, second] = names;
  return {
    authUsername: authType === 'basic' ? (first ?? '') : null,
    authPassword: authType === 'basic' ? (second ?? MASK) : null,
    authToken: authType === 'bearer' ? (first ?? MASK) : null,
    authHeaders:
      authType === 'authheaders'
        ? named(names).map(({ name, shown }): HeaderPair => ({ key: name, value: shown }))
        : null,
  };
}

/** Names of headers or variables with what is shown of each. */
export function named(names: readonly string[]): PublicName[] {
  return names.map((text) => {
    const at = text.indexOf(BEFORE_REFERENCE);
    return at < 0 ? { name: text, shown: MASK } : { name: text.slice(0, at), shown: text.slice(at + 1) };
  });
}
