import { parseUrl } from '#libs/egress';

const LONGEST = 2048;
const OWN = 'https://gateway.invalid';

/**
 * Where a browser may be sent after a sign-in: a path of the gateway, or a URL of an allowed origin. Whatever browsers
 * and servers could read in two ways is neither.
 * @param origins as `URL.origin` has them
 */
export function isRedirectTarget(text: string, origins: ReadonlySet<string>): boolean {
  if (text.length > LONGEST || !isPlain(text)) return false;
  if (text.startsWith('/')) return !text.startsWith('//') && new URL(text, OWN).origin === OWN;
  const url = parseUrl(text);
  const bare = url !== undefined && url.username === '' && url.password === '' && !text.includes('@');
  return bare && /^https?:\/\/[^/]/i.test(text) && origins.has(url.origin);
}

/** Printable, no backslash, and nothing else once it is decoded; a path that is decoded stays on this host. */
function isPlain(text: string): boolean {
  const decoded = decodedOnce(text);
  if (decoded === undefined) return false;
  const clean = [text, decoded].every((each) => !/[\\\p{Control}\p{Zl}\p{Zp}\p{Cf}]/u.test(each));
  return clean && /^[\x21-\x7e]+$/.test(text) && !decoded.startsWith('//');
}

function decodedOnce(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
