import type { KeyObject } from 'node:crypto';

/** What a key must be for one algorithm of RFC 7518 or RFC 8037. */
type KeyRule =
  | { readonly kind: 'secret'; readonly hash: 'sha256' | 'sha384' | 'sha512'; readonly leastBytes: number }
  | { readonly kind: 'rsa' }
  | { readonly kind: 'ec'; readonly curve: string; readonly shown: string }
  | { readonly kind: 'ed25519' };

const RSA: KeyRule = { kind: 'rsa' };
const LEAST_RSA_BITS = 2048;

// RFC 7518, 3.2: an HMAC key is as long as the hash, or longer.
const RULES = {
  HS256: { kind: 'secret', hash: 'sha256', leastBytes: 32 },
  HS384: { kind: 'secret', hash: 'sha384', leastBytes: 48 },
  HS512: { kind: 'secret', hash: 'sha512', leastBytes: 64 },
  RS256: RSA,
  RS384: RSA,
  RS512: RSA,
  PS256: RSA,
  PS384: RSA,
  PS512: RSA,
  ES256: { kind: 'ec', curve: 'prime256v1', shown: 'P-256' },
  ES384: { kind: 'ec', curve: 'secp384r1', shown: 'P-384' },
  ES512: { kind: 'ec', curve: 'secp521r1', shown: 'P-521' },
  EdDSA: { kind: 'ed25519' },
} as const satisfies Record<string, KeyRule>;

export type JwtAlgorithm = keyof typeof RULES;
export type SecretAlgorithm = 'HS256' | 'HS384' | 'HS512';

export const JWT_ALGORITHMS = Object.keys(RULES) as readonly JwtAlgorithm[];

export const isSecretAlgorithm = (algorithm: JwtAlgorithm): algorithm is SecretAlgorithm =>
  RULES[algorithm].kind === 'secret';

/** The hash of an HMAC algorithm, as `node:crypto` names it. */
export const hashOf = (algorithm: SecretAlgorithm): string => RULES[algorithm].hash;

/** Why a key can't be used with an algorithm, to complete "NAME …"; undefined when it can. */
export function keyFault(algorithm: JwtAlgorithm, key: KeyObject): string | undefined {
  const rule: KeyRule = RULES[algorithm];
  if (rule.kind === 'secret') {
    if (key.type !== 'secret') return `holds a key pair, and ${algorithm} takes a secret`;
    const { symmetricKeySize: size = 0 } = key;
    return size < rule.leastBytes ? `must have at least ${rule.leastBytes} bytes for ${algorithm}` : undefined;
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails: details = {} } = key;
  if (type === undefined) return `is a secret, and ${algorithm} takes a key pair`;
  if (type !== rule.kind) return `holds a key of type ${type}, and ${algorithm} takes ${rule.kind}`;
  if (rule.kind === 'rsa' && (details.modulusLength ?? 0) < LEAST_RSA_BITS)
    return `holds an RSA key of ${details.modulusLength} bits; it must have at least ${LEAST_RSA_BITS}`;
  if (rule.kind === 'ec' && details.namedCurve !== rule.curve)
    return `holds a key on ${details.namedCurve}, and ${algorithm} takes ${rule.shown} (${rule.curve})`;
  return undefined;
}
