// Our one-time tokens are 43 characters of base64url, thrice as many where all are percent-encoded; ids have 36 at most.
// Addresses may be as long, but have a dot.
const SECRET = /\/[^/.@]{40,129}(?=\/|$)/g;

/** The path of a request as it may be written down: without its query, and without a token that is part of it. */
export function shownPath(url: string): string {
  const query = url.indexOf('?');
  return (query === -1 ? url : url.slice(0, query)).replaceAll(SECRET, '/*****');
}
