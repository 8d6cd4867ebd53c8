/**
 * Whether a header came more than once. Node joins repeated ones with a comma, so only a value with a comma is looked up
 * among the raw headers (names and values in turn); without those, such a value counts as one.
 */
export function isRepeatedHeader(
  key: string,
  value: string | string[] | undefined,
  rawHeaders: readonly string[] | undefined,
): boolean {
  if (typeof value !== 'string') return value !== undefined;
  if (rawHeaders === undefined || !value.includes(',')) return false;
  let seen = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) if (rawHeaders[i]?.toLowerCase() === key) seen++;
  return seen > 1;
}
