import type { PageCursor } from '../http/page-cursor.js';

/** Which part of a list. */
export interface PageWish {
  /** 1 to 500. */
  readonly limit: number;
  readonly skip: number;
  readonly after?: PageCursor | undefined;
}
