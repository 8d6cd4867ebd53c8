import type { OauthToken } from './oauth-token.entity.js';

/** A token for an upstream, in clear, so in memory only. */
export interface AccessToken {
  readonly text: string;
  /** Epoch milliseconds: from then on another is got. */
  readonly goodUntil: number;
  /** Epoch milliseconds: from then on it is worth nothing. */
  readonly endsAt: number;
  /** What the user has consented to; undefined for tokens that nobody has to. */
  readonly row?: OauthToken;
}

/** Tokens are got anew when less is left, milliseconds; of short-lived ones when less than a quarter is. */
const MARGIN_MS = 300_000;

/** After a failure to get another, a token that still lives is used as it is, milliseconds: not every call asks again. */
const PAUSE_MS = 30_000;

export function goodUntil(expiresAt: Date | null | undefined, since: number): number {
  if (!expiresAt) return Number.POSITIVE_INFINITY;
  const end = expiresAt.getTime();
  return end - Math.min(MARGIN_MS, (end - since) / 4);
}

/** The token for the time being, where no other is to be had; undefined when it lives no more. */
export function heldOver(token: AccessToken, now = Date.now()): AccessToken | undefined {
  return now < token.endsAt ? { ...token, goodUntil: Math.min(token.endsAt, now + PAUSE_MS) } : undefined;
}
