import { parseUrl } from '#libs/egress';
import { Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { HttpSettings } from '../../http/http.settings.js';
import { CookieSettings } from './cookie.settings.js';

/** Whose pages may write with a credential that browsers send by themselves. */
@Injectable()
export class TrustedOrigins {
  readonly #origins: ReadonlySet<string>;

  constructor(http: HttpSettings, cookies: CookieSettings) {
    const listed = cookies.csrfTrustedOrigins.map((item) => new URL(item).origin);
    this.#origins = new Set([new URL(http.appDomain).origin, ...listed]);
  }

  /** Whether a browser says that a trusted page sent the request; one that says nothing is not believed. */
  sent({ origin, referer }: IncomingHttpHeaders): boolean {
    if (origin !== undefined) return this.#origins.has(origin);
    const page = referer === undefined ? undefined : parseUrl(referer);
    return page !== undefined && this.#origins.has(page.origin);
  }

  /** Whether a browser says that another page sent it. What is no browser says nothing, and passes. */
  foreign(headers: IncomingHttpHeaders): boolean {
    const { origin, referer, 'sec-fetch-site': site } = headers;
    if (origin !== undefined || referer !== undefined) return !this.sent(headers);
    return site !== undefined && site !== 'same-origin' && site !== 'none';
  }
}
