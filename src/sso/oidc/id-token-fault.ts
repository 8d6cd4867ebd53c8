import { createHash } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import { sameText } from '../../auth/cookies/csrf-tokens.js';

const SKEW_SECONDS = 60;

/** The claims that are left to look at. */
interface Claims {
  readonly iat?: unknown;
  readonly azp?: unknown;
  readonly at_hash?: unknown;
  readonly sub?: unknown;
}

/**
 * What is wrong with an ID token whose signature, `iss`, `aud`, `exp` and `nonce` hold: the rest of OpenID Connect Core
 * section 3.1.3.7, and section 3.1.3.8.
 */
export function idTokenFault(
  claims: Claims,
  idToken: string,
  accessToken: string,
  clientId: string,
): string | undefined {
  if (claims.azp !== undefined && claims.azp !== clientId) return 'id_token_azp';
  if (typeof claims.iat !== 'number' || claims.iat > Date.now() / 1000 + SKEW_SECONDS) return 'id_token_iat';
  if (typeof claims.sub !== 'string' || claims.sub === '' || claims.sub.length > 255) return 'id_token_sub';
  if (claims.at_hash === undefined) return undefined;
  const known = halfHash(accessToken, idToken);
  return typeof claims.at_hash === 'string' && sameText(claims.at_hash, known) ? undefined : 'id_token_at_hash';
}

/** The left half of the hash that goes with the algorithm of the token. */
function halfHash(text: string, idToken: string): string {
  const { alg = '' } = decodeProtectedHeader(idToken);
  // Ed25519 hashes with SHA-512 (OpenID Connect Core errata: the hash of the algorithm).
  const bits = alg.startsWith('Ed') ? '512' : alg.slice(2);
  const digest = createHash(`sha${bits}`).update(text, 'ascii').digest();
  return digest.subarray(0, digest.length / 2).toString('base64url');
}
