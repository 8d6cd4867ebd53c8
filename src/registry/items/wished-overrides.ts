import type { Overrides } from './item-row.js';

/** What people are to read instead of an item's own description; empty text takes it away again. */
export interface OverridesWish {
  readonly displayName?: string | undefined;
  readonly description?: string | undefined;
}

export function overridesFrom(wish: OverridesWish, before: Overrides | null): Overrides | null {
  const { displayName = before?.displayName, description = before?.description } = wish;
  const overrides = { ...(displayName && { displayName }), ...(description && { description }) };
  return Object.keys(overrides).length === 0 ? null : overrides;
}
