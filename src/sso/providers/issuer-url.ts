import { parseUrl } from '#libs/egress';

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const LONGEST = 255;

/** Whether nobody can listen on the way: https, or this machine, which egress refuses unless SSRF_ALLOW_LOCALHOST is set. */
export const isPrivateWay = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));

/** OpenID Connect Discovery section 2: https, without query and fragment. */
export function isIssuerUrl(text: string): boolean {
  const url = parseUrl(text);
  return url !== undefined && text.length <= LONGEST && isPrivateWay(url) && isEndpoint(url) && !/[?#]/.test(text);
}

/** Nothing that misleads whoever is sent there: no user, no scheme but those of the web. */
export const isEndpoint = (url: URL): boolean =>
  /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
