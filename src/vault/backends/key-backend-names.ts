/** What KEY_BACKEND may say. */
export const KEY_BACKEND_NAMES = ['local'] as const;

export type KeyBackendName = (typeof KEY_BACKEND_NAMES)[number];
