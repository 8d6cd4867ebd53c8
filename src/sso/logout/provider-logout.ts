import { Injectable, Logger } from '@nestjs/common';
import * as client from 'openid-client';
import { HttpSettings } from '../../http/http.settings.js';
import { CallbackUrls } from '../callback-urls.js';
import { ProviderConfigurations } from '../oidc/provider-configurations.js';
import { ProviderStore } from '../providers/provider-store.js';
import { SsoSessions } from './sso-sessions.js';

/** Where a browser goes to end the session at the provider as well (OpenID Connect RP-Initiated Logout). */
@Injectable()
export class ProviderLogout {
  readonly #log = new Logger(ProviderLogout.name);

  constructor(
    private readonly sessions: SsoSessions,
    private readonly providers: ProviderStore,
    private readonly configurations: ProviderConfigurations,
    private readonly http: HttpSettings,
    private readonly urls: CallbackUrls,
  ) {}

  /** @returns null where there is no such place, or the provider does not say it: nobody stays signed in here for that */
  async urlOf(sessionId: string): Promise<string | null> {
    const session = await this.sessions.of(sessionId);
    if (!session) return null;
    try {
      const configuration = await this.configurations.of(await this.providers.open(session.providerId));
      if (configuration.serverMetadata().end_session_endpoint === undefined) return null;
      const hint = await this.sessions.idTokenOf(session);
      const back = this.http.linkTo(this.urls.path('/admin/login'));
      return client.buildEndSessionUrl(configuration, {
        post_logout_redirect_uri: back,
        ...(hint !== undefined && { id_token_hint: hint }),
      }).href;
    } catch (error) {
      this.#log.warn({ message: 'the session at the provider goes on', error: (error as Error).message });
      return null;
    }
  }
}
