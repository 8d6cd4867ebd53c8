import { Injectable } from '@nestjs/common';
import * as client from 'openid-client';
import { GatewayError } from '../../http/errors.js';
import { HttpSettings } from '../../http/http.settings.js';
import { CallbackUrls } from '../callback-urls.js';
import { CodeExchange } from '../oidc/code-exchange.js';
import { ProviderStore } from '../providers/provider-store.js';
import { askedScope } from '../providers/scopes.js';
import { SsoRefusal } from '../sso-refusal.js';
import { PendingLogins } from './pending-logins.js';
import { isRedirectTarget } from './redirect-target.js';

export interface StartWish {
  readonly redirectUri: string | undefined;
  /** With blanks between them. */
  readonly scopes: string | undefined;
  /** What the browser keeps. */
  readonly browser: string;
  /** The account that the identity is to be bound to; undefined to sign in. */
  readonly linkUserId?: string;
}

export interface StartedLogin {
  readonly authorizationUrl: string;
  readonly state: string;
}

/** Sends people to a provider. */
@Injectable()
export class SsoStart {
  readonly #origins: ReadonlySet<string>;

  constructor(
    private readonly providers: ProviderStore,
    private readonly exchange: CodeExchange,
    private readonly pending: PendingLogins,
    private readonly urls: CallbackUrls,
    http: HttpSettings,
  ) {
    const listed = http.allowedOrigins.filter((origin) => origin !== '*');
    this.#origins = new Set([http.appDomain, ...listed].map((origin) => new URL(origin).origin));
  }

  /** @throws GatewayError 400, 404, 503 when the provider can't be asked */
  async begin(providerId: string, { redirectUri, scopes, browser, linkUserId }: StartWish): Promise<StartedLogin> {
    const provider = await this.providers.open(providerId);
    if (redirectUri !== undefined && !isRedirectTarget(redirectUri, this.#origins))
      throw new GatewayError('bad_request', NOT_ALLOWED, 'redirect_uri');
    const usual = askedScope(provider);
    const scope = scopes === undefined ? usual : chosen(scopes, usual);
    const login = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      codeVerifier: client.randomPKCECodeVerifier(),
    };
    const url = await this.#asked(() =>
      this.exchange.authorizationUrl(provider, login, this.urls.of(provider.id), scope),
    );
    const origin = { providerId: provider.id, redirectUri: redirectUri ?? null, linkUserId: linkUserId ?? null };
    await this.pending.store(login, { ...origin, browser });
    return { authorizationUrl: url.href, state: login.state };
  }

  async #asked<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof SsoRefusal) throw new GatewayError('sso_provider_unavailable', undefined, error.reason);
      throw error;
    }
  }
}

const NOT_ALLOWED = 'Invalid redirect_uri. Must be a relative path or URL matching allowed origins.';

/** Fewer than usual, but never without what makes it OpenID Connect. */
function chosen(scopes: string, usual: string): string {
  const known = usual.split(' ');
  const wanted = scopes.split(' ').filter((scope) => scope !== '');
  const strange = wanted.find((scope) => !known.includes(scope));
  if (strange !== undefined) throw new GatewayError('bad_request', 'scopes: must be among those of the provider');
  return known.filter((scope) => scope === 'openid' || wanted.includes(scope)).join(' ');
}
