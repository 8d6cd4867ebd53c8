import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { parseCookie } from 'cookie';
import type { Request } from 'express';
import type { Principal } from '#libs/policy';
import { GatewayError } from '../../http/errors.js';
import type { CredentialSource } from '../../http/request-context.js';
import { CookieSettings } from './cookie.settings.js';
import { CsrfTokens, sameText } from './csrf-tokens.js';
import { CSRF_COOKIE } from './session-cookies.js';
import { TrustedOrigins } from './trusted-origins.js';

/** Credentials that a page must add itself, which a foreign one can't. */
const DELIBERATE: ReadonlySet<CredentialSource | undefined> = new Set(['bearer', 'dpop', 'none']);
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Second of the guards, before anything of a body is read: whether it was the caller who wanted the write, or a foreign
 * page that made his browser send it. Only for credentials that browsers send by themselves; no route is exempt.
 */
@Injectable()
export class CsrfGuard implements CanActivate {
  constructor(
    private readonly settings: CookieSettings,
    private readonly tokens: CsrfTokens,
    private readonly origins: TrustedOrigins,
  ) {}

  canActivate(context: ExecutionContext): true {
    const request = context.switchToHttp().getRequest<Request>();
    const { principal, credential } = request.context;
    // Without a principal the route is public, and there is nobody in whose name to write.
    if (!principal || DELIBERATE.has(credential) || SAFE.has(request.method) || !this.settings.csrfEnabled) return true;
    // A proxy's callers, and those of Basic, have no session that a token could be bound to.
    const wanted =
      credential === 'proxy' || credential === 'plugin' || credential === 'basic'
        ? !this.origins.foreign(request.headers)
        : this.origins.sent(request.headers) && this.#carriesToken(request, principal);
    if (!wanted) throw new GatewayError('CSRF_TOKEN_INVALID', undefined, 'csrf');
    return true;
  }

  #carriesToken({ headers }: Request, { userId, tokenId: jti }: Principal): boolean {
    const sent = headers['x-csrf-token'];
    const kept = parseCookie(headers.cookie ?? '')[CSRF_COOKIE];
    if (typeof sent !== 'string' || kept === undefined || userId === null || jti === null) return false;
    return sameText(sent, kept) && this.tokens.verify(sent, { userId, jti });
  }
}
