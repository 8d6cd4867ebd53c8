import { parseUrl } from '#libs/egress';
const UNSAFE = /[\s\p{Control}\p{Format}\p{Surrogate}<>"'`\\]/u;
const CLIMBS = /(?:^|[/:])(?:\.|%2e){2}(?:[/?#;]|$)/i;
const BROKEN_ESCAPE = /%(?![0-9a-f]{2})/i;
const ESCAPED_CONTROL = /%(?:[01][0-9a-f]|7f)/i;
const SCRIPT = /^(?:javascript|vbscript|data):/i;

/** Why a text can't be a URI, whatever its scheme names, or a template of URIs; completes "it …". */
export function uriTextFault(text: string): string | undefined {
  if (UNSAFE.test(text)) return 'holds a space, a quote, < > \\ ` or a character that is not shown';
  if (SCRIPT.test(text)) return 'is an address that runs or carries data';
  if (ESCAPED_CONTROL.test(text)) return 'holds a control character as %…';
  return CLIMBS.test(text) ? 'climbs with ..' : undefined;
}

/** The same of a URI: it must be absolute. */
export function uriFault(text: string): string | undefined {
  const fault = uriTextFault(text) ?? (BROKEN_ESCAPE.test(text) ? 'holds a % without two hex digits' : undefined);
  return fault ?? (parseUrl(text) ? undefined : 'is not an absolute URI');
}

/**
 * Why a text can't be the address of a server that the gateway is to call; completes "it …". What lies behind the
 * address is judged where it is called.
 * @param schemes those allowed, without the colon
 */
export function urlFault(text: string, schemes: readonly string[]): string | undefined {
  const scheme = /^([a-z][a-z0-9+.-]{0,30}):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined || !schemes.includes(scheme))
    return `does not begin with ${schemes.map((name) => `${name}://`).join(' or ')}`;
  if (UNSAFE.test(text)) return 'holds a space, a quote, < > \\ ` or a character that is not shown';
  if (!parseUrl(text)) return 'is not a valid URL';
  const { username, password, hash } = new URL(text);
  if (username !== '' || password !== '') return 'carries a user name or password';
  return hash === '' ? undefined : 'has a fragment';
}
