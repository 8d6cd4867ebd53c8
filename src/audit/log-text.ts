const PLAIN = /^[ -~]*$/;

/**
 * Text of a stranger for a column of a log: cut to its width, and without control characters and halves of characters,
 * which must not reach the database or whoever prints the log.
 *
 * @param length UTF-16 units
 */
export function logText(text: string, length: number): string {
  const cut = text.length > length ? text.slice(0, length) : text;
  return PLAIN.test(cut) ? cut : cut.replace(/[\p{Cc}\p{Cs}]/gu, '?');
}

export function optionalLogText(text: string | null | undefined, length: number): string | null {
  return text === undefined || text === null ? null : logText(text, length);
}
