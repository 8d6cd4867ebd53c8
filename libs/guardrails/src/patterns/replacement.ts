export interface Groups {
  readonly count: number;
  has(name: string): boolean;
  /** Number 0 is the match. */
  get(group: number | string): string;
}

const REFERENCE = /\$(?:(\$)|(&)|(\d{1,2})|<(\w{1,64})>)|\\(?:(\\)|(\d{1,2})|g<(?:(\d{1,2})|(\w{1,64}))>)/g;

/** Puts groups into the replacement, in the notation of JavaScript or of Python. */
export function expand(replacement: string, groups: Groups): string {
  if (!/[$\\]/.test(replacement)) return replacement;
  return replacement.replaceAll(REFERENCE, (reference: string, ...parts: (string | undefined)[]) => {
    const [dollar, match, numberA, nameA, backslash, numberB, numberC, nameB] = parts;
    if (dollar !== undefined) return '$';
    if (backslash !== undefined) return '\\';
    if (match !== undefined) return groups.get(0);
    const name = nameA ?? nameB;
    if (name !== undefined) return groups.has(name) ? groups.get(name) : reference;
    const digits = numberA ?? numberB ?? numberC ?? '';
    if (Number(digits) <= groups.count && digits !== '0') return groups.get(Number(digits));
    // As in JavaScript, $12 is $1 and a 2 where there are fewer groups.
    const [first = '', ...rest] = digits;
    const isShort = rest.length > 0 && first !== '0' && Number(first) <= groups.count && numberC === undefined;
    return isShort ? groups.get(Number(first)) + rest.join('') : reference;
  });
}
