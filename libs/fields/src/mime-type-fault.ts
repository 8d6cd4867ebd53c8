const TOKEN = "[a-z0-9!#$&^_.+'*-]{1,100}";
const FORM = new RegExp(`^${TOKEN}/${TOKEN}$`, 'i');
const PARAMETERS = /^[\x20-\x7e]*$/;

/** Why a text can't be a MIME type; completes "it …". Its parameters are not judged. @param allowed whole, or with `*` */
export function mimeTypeFault(text: string, allowed: readonly string[]): string | undefined {
  const at = text.indexOf(';');
  const essence = (at === -1 ? text : text.slice(0, at)).trim().toLowerCase();
  if (!FORM.test(essence) || !PARAMETERS.test(text)) return 'is not a MIME type';
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
