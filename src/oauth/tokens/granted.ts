import type { TokenEndpointResponse } from 'openid-client';

/** What a token endpoint gave. */
export interface Granted {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** Undefined when it does not say. */
  readonly expiresAt: Date | undefined;
}

/** Characters; longer tokens would not fit into the headers of an upstream. */
const LONGEST = 16_384;
const TOKEN = /^[\x21-\x7e]+$/;

/** Undefined for what holds no access token that could be sent. */
export function granted(said: Partial<TokenEndpointResponse>, now = Date.now()): Granted | undefined {
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: expires } = said;
  if (!isToken(accessToken)) return undefined;
  return {
    accessToken,
    refreshToken: isToken(refreshToken) ? refreshToken : undefined,
    expiresAt:
      typeof expires === 'number' && expires > 0 ? new Date(now + Math.min(expires, 31_536_000) * 1000) : undefined,
  };
}

const isToken = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= LONGEST && TOKEN.test(value);
