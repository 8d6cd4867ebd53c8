import type { IncomingMessage } from 'node:http';
import type { ErrorCode } from './errors.js';

// A path in printable ASCII. Anything else (a whole URL, a fragment, blanks) is read differently by different parsers.
const PATH = /^\/[\x21\x22\x24-\x7e]*$/;
export const MOST_HEADERS = 100;

/** What is wrong with a request before anybody looks at what it asks for. */
export function requestFault({ url = '', rawHeaders }: IncomingMessage): { code: ErrorCode; text: string } | undefined {
  if (!PATH.test(url)) return { code: 'bad_request', text: 'The request target is not a plain path' };
  if (rawHeaders.length > 2 * MOST_HEADERS)
    return { code: 'headers_too_large', text: `There are more than ${MOST_HEADERS} header fields` };
  const twice = repeated(rawHeaders);
  return twice === undefined ? undefined : { code: 'bad_request', text: `${twice} is given more than once` };
}

/** Node keeps the first of them, others the last: what was checked must be what counts. */
function repeated(rawHeaders: readonly string[]): string | undefined {
  let host = false;
  let authorization = false;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') {
      if (host) return 'Host';
      host = true;
    } else if (name.length === 13 && name.toLowerCase() === 'authorization') {
      if (authorization) return 'Authorization';
      authorization = true;
    }
  }
  return undefined;
}
