export interface ScopeSources {
  /** Of the upstream's challenge. */
  readonly challenge: string | undefined;
  /** By the operator. */
  readonly configured: readonly string[] | undefined;
  /** `scopes_supported` of the upstream. */
  readonly known: readonly string[] | undefined;
  /** What the user was asked for before. */
  readonly before: string;
  /** `scopes_supported` of the authorization server. */
  readonly offered: readonly string[] | undefined;
}

const OFFLINE = 'offline_access';

/**
 * The scopes to ask for: those of the challenge, else those that the operator or the upstream names, with all that was asked
 * for before; undefined to leave it to the authorization server (MCP 2025-11-25, Authorization, "Scope Selection Strategy").
 */
export function scopesFor({ challenge, configured, known, before, offered }: ScopeSources): string[] | undefined {
  const wanted = challenge === undefined ? (configured ?? known ?? []) : split(challenge);
  const all = new Set([...split(before), ...wanted]);
  // Refresh tokens, where one has to ask for them.
  if (offered?.includes(OFFLINE)) all.add(OFFLINE);
  return all.size > 0 ? [...all] : undefined;
}

const split = (scopes: string): string[] => scopes.split(' ').filter((each) => each !== '');
