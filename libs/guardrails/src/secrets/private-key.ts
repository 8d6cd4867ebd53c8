const HEADER = /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----/y;
const FOOTER = /-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----/y;
const BODY = /(?:[A-Za-z0-9+/=\s,:.()-]|\\[nrt\\]){1,20000}/y;
/** Characters of base64 below which nothing is a key. */
const SHORTEST = 24;

/** Where the block of armour that begins here ends: at its last dash, or as far as it goes where it was cut off. */
export function privateKeyAt(text: string, start: number): number | undefined {
  HEADER.lastIndex = start;
  if (!HEADER.test(text)) return undefined;
  const body = HEADER.lastIndex;
  const dashes = text.indexOf('-----', body);
  FOOTER.lastIndex = dashes;
  if (dashes >= 0 && FOOTER.test(text)) {
    const content = text.slice(body, Math.min(dashes, body + 1000)).replace(/\\[nr]|[^A-Za-z0-9+/=]/g, '');
    return content.length >= SHORTEST ? FOOTER.lastIndex : undefined;
  }
  if (body === text.length) return body;
  BODY.lastIndex = body;
  if (!BODY.test(text)) return undefined;
  // In a sentence or in code the header alone is no key.
  const content = text.slice(body, dashes < 0 ? BODY.lastIndex : Math.min(BODY.lastIndex, dashes)).trimEnd();
  return content === '' || /^[ \t]*(?:\\n|[\r\n])/.test(content) ? body + content.length : undefined;
}
