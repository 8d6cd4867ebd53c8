/** The five published revisions of MCP, oldest first. */
export const REVISIONS = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'] as const;
export type Revision = (typeof REVISIONS)[number];

/** Legacy opens with `initialize`; modern carries everything in each request's `_meta`. */
export type Era = 'legacy' | 'modern';

/** Served over Streamable HTTP, newest first. 2024-11-05 has a transport of its own. */
export const SERVED_LEGACY: readonly Revision[] = ['2025-11-25', '2025-06-18', '2025-03-26'];
export const SERVED_MODERN: readonly Revision[] = ['2026-07-28'];
/** Served over HTTP+SSE, the transport of 2024-11-05 that clients of later revisions still fall back to. */
export const SERVED_SSE: readonly Revision[] = [...SERVED_LEGACY, '2024-11-05'];
export const SERVED: readonly Revision[] = [...SERVED_MODERN, ...SERVED_LEGACY];

export const NEWEST_LEGACY: Revision = '2025-11-25';
export const NEWEST_MODERN: Revision = '2026-07-28';
/** What a request without a version header speaks when no session says otherwise; also the only revision with batches. */
export const ASSUMED_LEGACY: Revision = '2025-03-26';

const FIRST_MODERN = '2026-07-28';
const DATE = /^\d{4}-\d\d-\d\d$/;

/** Whether a version names the modern era, revisions unknown to us included. What isn't a date is not modern. */
export function namesModern(version: string): boolean {
  return version === FIRST_MODERN || (version > FIRST_MODERN && DATE.test(version));
}

export function servedLegacy(version: string): Revision | undefined {
  return SERVED_LEGACY.find((revision) => revision === version);
}

export function servedModern(version: string): Revision | undefined {
  return SERVED_MODERN.find((revision) => revision === version);
}
