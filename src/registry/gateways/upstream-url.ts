import { plainUrl, SSE_SCHEMES } from '#libs/mcp';
import { MASK } from './credential.js';

/** A URL as answers show it: the values of its query may be credentials and are masked. */
export function shownUrl(url: string): string {
  const [path = '', query] = url.split('?', 2);
  if (query === undefined) return url;
  const members = query
    .split('&')
    .map((member) => (member.includes('=') ? `${member.split('=', 1)[0]}=${MASK}` : member));
  return `${path}?${members.join('&')}`;
}

/** Of the server at the end, over HTTP+SSE too. */
export function originOf(url: URL): string {
  return ((SSE_SCHEMES as readonly string[]).includes(url.protocol) ? plainUrl(url) : url).origin;
}
