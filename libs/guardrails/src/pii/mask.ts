import { createHash, createHmac, randomBytes } from 'node:crypto';

export type MaskStrategy = 'redact' | 'partial' | 'hash' | 'tokenize' | 'remove';

export interface MaskOptions {
  /** What takes the place of a value, `[REDACTED]` unless said. */
  readonly redactionText?: string;
  /** Makes hashes an HMAC: without it the few hundred million social security numbers can be tried one by one. */
  readonly key?: string | Uint8Array;
}

/**
 * What takes the place of a value found. None of it is found again: masking a masked text changes nothing.
 * `hash` is `[HASH:` and 8 hexadecimal digits of SHA-256, `tokenize` `[TOKEN:` and 8 random ones, `remove` nothing.
 * @param type as in the finding; decides what `partial` leaves
 */
export function mask(value: string, type: string, strategy: MaskStrategy, options: MaskOptions = {}): string {
  const { redactionText = '[REDACTED]', key } = options;
  if (strategy === 'remove') return '';
  if (strategy === 'partial') return partial(value, type, redactionText);
  if (strategy === 'tokenize') return `[TOKEN:${randomBytes(4).toString('hex')}]`;
  if (strategy === 'redact') return redactionText;
  const hash = key === undefined ? createHash('sha256') : createHmac('sha256', key);
  return `[HASH:${hash.update(value).digest('hex').slice(0, 8)}]`;
}

function partial(value: string, type: string, redactionText: string): string {
  const last = value.replace(/\D/g, '').slice(-4);
  const known = last.length === 4;
  if (type === 'ssn' && known) return `***-**-${last}`;
  if (type === 'credit_card' && known) return `****-****-****-${last}`;
  if (type === 'phone' && known) return `***-***-${last}`;
  if (type === 'bsn' && known) return `*****${last}`;
  if (type === 'email') {
    const at = value.lastIndexOf('@');
    const name = value.slice(0, at);
    // An address in the place of a domain is personal, too.
    const domain = value[at + 1] === '[' ? '***' : value.slice(at + 1);
    return name.length > 2 && !name.startsWith('"') ? `${first(name)}***${final(name)}@${domain}` : `***@${domain}`;
  }
  return value.length > 2 ? `${first(value)}${'*'.repeat(value.length - 2)}${final(value)}` : redactionText;
}

/** Whole characters: half of a surrogate pair is no text. */
const first = (value: string): string => String.fromCodePoint(value.codePointAt(0)!);
const final = (value: string): string =>
  /[\ud800-\udbff][\udc00-\udfff]$/.test(value) ? value.slice(-2) : value.slice(-1);
