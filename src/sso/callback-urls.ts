import { Injectable } from '@nestjs/common';
import { CookieSettings } from '../auth/cookies/cookie.settings.js';
import { HttpSettings } from '../http/http.settings.js';

/** Where browsers and providers find the gateway, whatever a Host header says. */
@Injectable()
export class CallbackUrls {
  constructor(
    private readonly http: HttpSettings,
    private readonly cookies: CookieSettings,
  ) {}

  /** The `redirect_uri` (RFC 6749 section 3.1.2) of a provider. */
  of(providerId: string): string {
    return this.http.linkTo(`${this.path('/auth/sso/callback/')}${providerId}`);
  }

  /** A path, below APP_ROOT_PATH. */
  path(path: `/${string}`): `/${string}` {
    return `${this.cookies.rootPath}${path}` as `/${string}`;
  }
}
