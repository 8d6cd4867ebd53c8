import { parseUrl } from '#libs/egress';

/** What references begin with. */
export const REFERENCE_SCHEMES = ['vault:', 'aws-sm:', 'gcp-sm:', 'azure-kv:', 'env:', 'file:'] as const;
export type ReferenceScheme = (typeof REFERENCE_SCHEMES)[number];

const MEANT = new RegExp(`^\\s*(${REFERENCE_SCHEMES.join('|')})//`, 'i');
const LONGEST = 1024;
const SEGMENT = /^(?!\.{1,2}$)[^/\\\p{Control}]+$/u;

/**
 * Whether a text is meant as a reference, well made or not. What begins like one is never taken for the secret itself, or a
 * slip of the pen would send it to the upstream.
 */
export const isReference = (text: string): boolean => MEANT.test(text);

/** The reference that a text is; undefined for one that is not well made. */
export function parseReference(text: string): URL | undefined {
  const url = text.length <= LONGEST && isReference(text) ? parseUrl(text) : undefined;
  if (!url || !REFERENCE_SCHEMES.some((scheme) => scheme === url.protocol)) return undefined;
  // What the parser has changed, such as `..`, would lead elsewhere than it says.
  if (url.href !== text || url.username !== '' || url.password !== '' || url.port !== '') return undefined;
  // Whatever it is that can't be decoded is found out here, and not when the secret is read.
  if (url.hash !== '' && decoded([url.hash])[0] === '') return undefined;
  const segments = segmentsOf(url);
  return segments.length > 0 && segments.every((segment) => SEGMENT.test(segment)) ? url : undefined;
}

/** The host and the parts of the path, decoded. */
export function segmentsOf({ hostname, pathname }: URL): readonly string[] {
  const [, ...path] = pathname.split('/');
  return decoded([...(hostname === '' ? [] : [hostname]), ...path]);
}

/** A single empty text for what can't be decoded. */
function decoded(parts: readonly string[]): readonly string[] {
  try {
    return parts.map(decodeURIComponent);
  } catch {
    return [''];
  }
}

/** Whether a reference begins with a prefix, and does not merely go on in the middle of a name. */
export function isWithin(reference: URL, prefix: string): boolean {
  const { href } = reference;
  if (!href.startsWith(prefix)) return false;
  return href === prefix || prefix.endsWith('/') || '/#?'.includes(href[prefix.length] ?? '');
}
