import { createHash } from 'node:crypto';

/**
 * The key of what an issuer says of somebody: `sub` (OpenID Connect Core section 2), `sid` or `jti`. A hash, because
 * some databases compare text without regard to case, and an index has its limits. Hex, 64 digits.
 */
export const subjectKey = (issuer: string, value: string): string =>
  createHash('sha256')
    .update(JSON.stringify([issuer, value]))
    .digest('hex');
