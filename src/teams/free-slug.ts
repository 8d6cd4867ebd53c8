import { randomBytes } from 'node:crypto';
import { isUniqueViolation } from '../database/unique-violation.js';

/** Leaves room for a suffix in the column of 191. */
const LONGEST = 180;
const ATTEMPTS = 5;

/**
 * Inserts a row under a slug made of the text; when that one is taken, under one with a random suffix.
 * @param insert fails with a unique violation when the slug is taken; runs its own transaction
 */
export async function withFreeSlug<T>(text: string, insert: (slug: string) => Promise<T>): Promise<T> {
  const plain = slugOf(text);
  for (let attempt = 1; ; attempt += 1) {
    const slug = attempt === 1 ? plain : `${plain}-${randomBytes(4).toString('hex')}`;
    try {
      return await insert(slug);
    } catch (error) {
      if (attempt === ATTEMPTS || !isUniqueViolation(error)) throw error;
    }
  }
}

/** Lower-case letters, digits and hyphens; what has none of them becomes `team`. */
function slugOf(text: string): string {
  const ascii = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  const words = ascii.split(/[^a-z0-9]+/).filter((word) => word !== '');
  return words.join('-').slice(0, LONGEST).replace(/-$/, '') || 'team';
}
