import type { Finding } from '../finding.js';

/** What may be shown of a secret: its type and length, never a character of it. */
export function preview({ type, start, end }: Finding): string {
  return `${type} (${end - start} characters)`;
}
