/** A pattern of Cedar's `like`. */
export type Glob = (text: string) => boolean;

/**
 * Each wildcard stands for any text, also none. Takes time in proportion to the text, however many wildcards there are.
 * @param pieces what stands between the wildcards, before the first and after the last; one piece is a pattern without any
 */
export function compileGlob(pieces: readonly string[]): Glob {
  const [first = '', ...others] = pieces;
  const last = others.pop();
  if (last === undefined) return (text) => text === first;
  return (text) => {
    const end = text.length - last.length;
    if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    let at = first.length;
    for (const piece of others) {
      const found = text.indexOf(piece, at);
      if (found === -1 || found + piece.length > end) return false;
      at = found + piece.length;
    }
    return true;
  };
}
