/**
 * The URL that a text is, by the WHATWG parser; undefined for what is none. Never `URL.canParse`: in Node 20 it says no to
 * letters such as ö once it has been optimised, so that a rule about URLs would be passed over.
 */
export function parseUrl(text: string, base?: string | URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
