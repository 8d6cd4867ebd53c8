import { createHash, randomBytes } from 'node:crypto';

const BYTES = 32;

/** What an invitation is accepted with: 256 random bits, of which the database keeps a hash only. */
export const InvitationToken = {
  make: (): string => randomBytes(BYTES).toString('base64url'),
  /** SHA-256, hex; good enough for what can't be guessed. */
  hash: (token: string): string => createHash('sha256').update(token).digest('hex'),
} as const;
