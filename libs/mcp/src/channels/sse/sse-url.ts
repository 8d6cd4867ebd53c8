const PREFIX = 'sse+';

/** The schemes under which servers of HTTP+SSE (2024-11-05) are called. */
export const SSE_SCHEMES = [`${PREFIX}http:`, `${PREFIX}https:`] as const;

/** The URL of a server's event stream, marked as one. */
export const sseUrl = (url: URL): URL => new URL(PREFIX + url.href);

/** What was marked, as it is called. */
export function plainUrl({ href }: URL): URL {
  const url = new URL(href.slice(PREFIX.length));
  url.hash = '';
  return url;
}
