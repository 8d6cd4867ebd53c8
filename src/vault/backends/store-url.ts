import { parseUrl } from '#libs/egress';
import type { TextRules } from '../../config/setting.js';

/** The rules of a setting that says where a store is; the tests of a machine's own stores need http as well. */
export const STORE_URL: TextRules = {
  check: (value) => {
    const url = parseUrl(value);
    if (!url || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') return false;
    return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname));
  },
  rule: 'must be an https:// URL without user name, query and fragment; http:// for this machine alone',
};

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** A URL below the one of a setting; each segment is encoded. */
export function below(base: string, segments: readonly string[], query = ''): URL {
  return new URL(`${base.replace(/\/+$/, '')}/${segments.map(encodeURIComponent).join('/')}${query}`);
}
