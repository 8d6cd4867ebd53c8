import { isJsonObject, type JsonObject, parseBounded } from '#libs/mcp';

const LONGEST = 16_384;
const DEEPEST = 16;
const SHAPE = /^[\w-]+\.[\w-]+\.[\w-]+$/;
/** `JOSE` says no more than that it is one (RFC 7515 section 4.1.9); workloads have it. */
const TYPE = /^((at\+)?jwt|jose)$/i;
const KEY_ID = /^[\x21-\x7e]{1,64}$/;
const HEADER = new Set(['alg', 'typ', 'kid']);

/**
 * Whether a text is a compact JWS that can be read in one way only: canonical base64url, no repeated members, and no
 * header beyond `alg`, `typ` and `kid`. What a header asks of a verifier (`crit`, `b64`, `jku`, `jwk`, `x5u`, …) is
 * refused rather than ignored. Says nothing about the signature.
 */
export const isStrictJws = (token: string): boolean => readStrictJws(token) !== undefined;

/**
 * The payload of such a text; undefined for any other.
 * @param also headers that are let be, because they ask nothing, or because the caller answers
 * @param type what `typ` may be; one that lets `JWT` pass lets it be absent
 */
export function readStrictJws(token: string, also: readonly string[] = [], type = TYPE): JsonObject | undefined {
  if (token.length > LONGEST || !isJwsShaped(token)) return undefined;
  const parts = token.split('.').map((part) => ({ part, bytes: Buffer.from(part, 'base64url') }));
  if (!parts.every(({ part, bytes }) => bytes.toString('base64url') === part)) return undefined;
  const [header, payload] = parts.map(({ bytes }) => objectIn(bytes));
  return header !== undefined && isPlainHeader(header, also, type) ? payload : undefined;
}

/** Whether a text has the three parts of a compact JWS, whatever is in them. */
export const isJwsShaped = (token: string): boolean => SHAPE.test(token);

function objectIn(bytes: Buffer): JsonObject | undefined {
  const json = parseBounded(bytes, DEEPEST);
  return typeof json !== 'string' && isJsonObject(json.value) ? json.value : undefined;
}

function isPlainHeader(
  { typ = 'JWT', kid = '-', ...rest }: JsonObject,
  also: readonly string[],
  type: RegExp,
): boolean {
  if (typeof typ !== 'string' || !type.test(typ)) return false;
  if (typeof kid !== 'string' || !KEY_ID.test(kid)) return false;
  return Object.keys(rest).every((name) => HEADER.has(name) || also.includes(name));
}
