import { Injectable } from '@nestjs/common';
import type { CookieOptions, Response } from 'express';
import { HttpSettings } from '../../http/http.settings.js';
import { SESSION_COOKIE } from '../credentials/session-cookie.js';
import type { IssuedSession } from '../sessions/session-issuer.js';
import { CookieSettings } from './cookie.settings.js';
import { CSRF_TOKEN_SECONDS, type CsrfOwner, CsrfTokens } from './csrf-tokens.js';

export const CSRF_COOKIE = 'mcpgateway_csrf_token';
/** Browsers drop longer ones, name and value together, bytes. */
const LONGEST = 4096;

/** Puts sessions into a browser's cookies and takes them out again. */
@Injectable()
export class SessionCookies {
  /** Whether cookies go over HTTPS alone. */
  readonly secure: boolean;
  readonly #session: CookieOptions;
  readonly #csrf: CookieOptions;

  constructor(
    http: HttpSettings,
    settings: CookieSettings,
    private readonly tokens: CsrfTokens,
  ) {
    const { sameSite, rootPath } = settings;
    const secure = settings.secure || http.environment === 'production' || sameSite === 'none';
    this.secure = secure;
    const path = rootPath === '' ? '/' : rootPath;
    this.#session = { httpOnly: true, secure, sameSite, path };
    // Pages read it to send it back as a header.
    this.#csrf = { httpOnly: false, secure, sameSite: 'strict', path };
  }

  /**
   * Sets the cookie of a session and that of its CSRF token. A token too long for a browser is not set.
   * @returns the CSRF token
   */
  set(response: Response, { token, expiresInSeconds, ...owner }: IssuedSession): string | undefined {
    if (SESSION_COOKIE.length + 1 + Buffer.byteLength(token) > LONGEST) return undefined;
    response.cookie(SESSION_COOKIE, token, { ...this.#session, maxAge: expiresInSeconds * 1000 });
    return this.setCsrf(response, owner);
  }

  /** Sets the cookie of a CSRF token and returns the token. */
  setCsrf(response: Response, owner: CsrfOwner): string {
    const token = this.tokens.issue(owner);
    response.cookie(CSRF_COOKIE, token, { ...this.#csrf, maxAge: CSRF_TOKEN_SECONDS * 1000 });
    return token;
  }

  /** With the attributes they were set with, or browsers would keep them. */
  clear(response: Response): void {
    response.clearCookie(SESSION_COOKIE, this.#session);
    response.clearCookie(CSRF_COOKIE, this.#csrf);
  }
}
