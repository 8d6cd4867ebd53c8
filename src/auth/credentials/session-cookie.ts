import { parseUrl } from '#libs/egress';
import { parseCookie } from 'cookie';
import type { IncomingHttpHeaders } from 'node:http';

/** Carries the session token of a browser. */
export const SESSION_COOKIE = 'jwt_token';
const EACH = /(?:^|;)\s*jwt_token\s*=/g;

/**
 * The token in the session cookie: undefined without one, empty when it can't count. A name that comes twice (a
 * neighbouring domain can add one) would be read differently by different readers.
 */
export function sessionCookie(header: string | undefined): string | undefined {
  if (!header?.includes(SESSION_COOKIE)) return undefined;
  const count = header.match(EACH)?.length ?? 0;
  if (count > 1) return '';
  return parseCookie(header)[SESSION_COOKIE];
}

/**
 * Whether a browser asks for itself: for a page, through htmx, or from a script on a page of ours. Programs that merely
 * hold a cookie are told to send the token as what it is.
 *
 * @param origin of APP_DOMAIN
 */
export function isBrowserShaped(headers: IncomingHttpHeaders, origin: string): boolean {
  if (headers.accept?.includes('text/html') || headers['hx-request'] !== undefined) return true;
  if (headers['sec-fetch-site'] !== 'same-origin') return false;
  return headers.origin === undefined ? originOf(headers.referer) === origin : headers.origin === origin;
}

const originOf = (url: string | undefined): string | undefined =>
  url === undefined ? undefined : parseUrl(url)?.origin;
