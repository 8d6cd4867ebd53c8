import { isJsonObject, type JsonObject, parseBounded } from '#libs/mcp';

const LONGEST = 16_384;
const DEEPEST = 16;
const SHAPE = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const TYPE = /^(at\+)?jwt$/i;
const KEY_ID = /^[\x21-\x7e]{1,64}$/;
const HEADER = new Set(['alg', 'typ', 'kid']);

/**
 * Whether a text is a compact JWS that can be read in one way only: canonical base64url, no repeated members, and no
 * header beyond `alg`, `typ` and `kid`. What a header asks of a verifier (`crit`, `b64`, `jku`, `jwk`, `x5u`, …) is
 * refused rather than ignored. Says nothing about the signature.
 */
export function isStrictJws(token: string): boolean {
  if (token.length > LONGEST || !SHAPE.test(token)) return false;
  const parts = token.split('.').map((part) => ({ part, bytes: Buffer.from(part, 'base64url') }));
  if (!parts.every(({ part, bytes }) => bytes.toString('base64url') === part)) return false;
  const [header, payload] = parts.map(({ bytes }) => objectIn(bytes));
  return header !== undefined && payload !== undefined && isPlainHeader(header);
}

function objectIn(bytes: Buffer): JsonObject | undefined {
  const json = parseBounded(bytes, DEEPEST);
  return typeof json !== 'string' && isJsonObject(json.value) ? json.value : undefined;
}

function isPlainHeader({ typ = 'JWT', kid = '-', ...rest }: JsonObject): boolean {
  if (typeof typ !== 'string' || !TYPE.test(typ)) return false;
  if (typeof kid !== 'string' || !KEY_ID.test(kid)) return false;
  return Object.keys(rest).every((name) => HEADER.has(name));
}
