import { GatewayError } from './errors.js';

/** The last row of a page: where the next one goes on. */
export interface PageCursor {
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly id: string;
}

const LONGEST = 128;

/** Opaque to clients; holds nothing that the page before did not show. */
export function encodeCursor({ createdAt, id }: PageCursor): string {
  return Buffer.from(`${createdAt}.${id}`).toString('base64url');
}

/** @throws GatewayError `bad_request` when this gateway did not make the cursor. */
export function decodeCursor(text: string): PageCursor {
  const [, createdAt, id] = /^(\d{1,15})\.([\w-]{1,36})$/.exec(decoded(text)) ?? [];
  if (createdAt === undefined || id === undefined)
    throw new GatewayError('bad_request', 'cursor: not a cursor of this list');
  return { createdAt: Number(createdAt), id };
}

const decoded = (text: string): string => (text.length > LONGEST ? '' : Buffer.from(text, 'base64url').toString());
