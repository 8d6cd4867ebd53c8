import { createHash } from 'node:crypto';

/** What a kept resource says of its content, in the column `kept`. */
export interface KeptContent {
  /** How it was given, and is handed out. */
  readonly form: 'text' | 'blob';
  readonly bytes: number;
  /** Of the content, in hex: tells whoever remembers it whether it is still this one. */
  readonly sha256: string;
}

export const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Null for what is no resource's. */
export function readKeptContent(kept: Readonly<Record<string, unknown>> | null): KeptContent | null {
  const { form, bytes, sha256 } = kept ?? {};
  if ((form !== 'text' && form !== 'blob') || typeof bytes !== 'number' || typeof sha256 !== 'string') return null;
  return { form, bytes, sha256 };
}
