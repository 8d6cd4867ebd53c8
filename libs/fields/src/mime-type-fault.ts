const TOKEN = "[A-Za-z0-9!#$&^_.+'-]{1,64}";

/** A type and subtype, with parameters such as `charset=utf-8`. Its length is bounded apart. */
export const MIME_TYPE = new RegExp(
  `^${TOKEN}/${TOKEN}( ?; ?${TOKEN}=(${TOKEN}|"[^"\\\\\\p{Control}]{0,64}")){0,4}$`,
  'u',
);

/** Why a text can't be a MIME type; completes "it …". @param allowed whole, or with `*`; parameters don't count */
export function mimeTypeFault(text: string, allowed: readonly string[]): string | undefined {
  if (!MIME_TYPE.test(text)) return 'is not a MIME type such as text/markdown';
  const essence = (text.split(';', 1)[0] ?? '').trim().toLowerCase();
  return allowed.some((pattern) => matches(pattern.toLowerCase(), essence))
    ? undefined
    : 'is a MIME type that VALIDATION_ALLOWED_MIME_TYPES does not allow';
}

/** Each piece of the pattern is looked for behind the one before, so a hostile type costs no more than a long one. */
function matches(pattern: string, essence: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === essence;
  if (!essence.startsWith(first) || !essence.endsWith(last)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = essence.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return at <= essence.length - last.length;
}
