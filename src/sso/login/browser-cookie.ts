import { Injectable } from '@nestjs/common';
import { parseCookie } from 'cookie';
import type { CookieOptions, Request, Response } from 'express';
import { randomBytes } from 'node:crypto';
import { SessionCookies } from '../../auth/cookies/session-cookies.js';
import { LOGIN_MINUTES } from './pending-logins.js';

const NAME = 'portcullis_sso';
const LONGEST = 64;

/** Binds a sign-in to the browser in which it began. The next one there takes the place of the one before. */
@Injectable()
export class BrowserCookie {
  readonly #name: string;
  readonly #options: CookieOptions;

  constructor({ secure }: SessionCookies) {
    // No other host, and no page without TLS, can set one of that name (RFC 6265bis section 4.1.3.2).
    this.#name = secure ? `__Host-${NAME}` : NAME;
    // Lax, because the provider sends the browser back.
    this.#options = { httpOnly: true, secure, sameSite: 'lax', path: '/' };
  }

  /** Gives the browser a new secret and returns it. */
  set(response: Response): string {
    const secret = randomBytes(32).toString('base64url');
    response.cookie(this.#name, secret, { ...this.#options, maxAge: LOGIN_MINUTES * 60_000 });
    return secret;
  }

  of({ headers }: Request): string | undefined {
    const value = parseCookie(headers.cookie ?? '')[this.#name];
    return value !== undefined && value.length <= LONGEST ? value : undefined;
  }

  clear(response: Response): void {
    response.clearCookie(this.#name, this.#options);
  }
}
