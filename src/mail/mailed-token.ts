import { createHash, randomBytes } from 'node:crypto';

const BYTES = 32;
/** 32 bytes, base64url. */
const FORM = /^[A-Za-z0-9_-]{43}$/;

/** What a link in a message proves itself with: 256 random bits, of which the database keeps a hash only. */
export const MailedToken = {
  make: (): string => randomBytes(BYTES).toString('base64url'),
  /** SHA-256, hex; good enough for what can't be guessed. */
  hash: (token: string): string => createHash('sha256').update(token).digest('hex'),
  /** Whether a text could be one. */
  matches: (text: string): boolean => FORM.test(text),
} as const;
