/**
 * One byte string per list of texts, and never the same for two lists: each text comes after its length (`5:alice`).
 * UTF-16 is used because UTF-8 folds all lone surrogates into one character.
 */
export function associatedData(parts: readonly string[]): Buffer {
  return Buffer.from(parts.map((part) => `${part.length}:${part}`).join(''), 'utf16le');
}
