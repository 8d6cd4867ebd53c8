import { Injectable } from '@nestjs/common';
import { sameText } from '../../auth/cookies/csrf-tokens.js';
import { AuthEvents } from '../../auth/events/auth-events.js';
import { FailedLogins } from '../../auth/events/failed-logins.js';
import type { IssuedSession } from '../../auth/sessions/session-issuer.js';
import { UserRepository } from '../../auth/accounts/user.repository.js';
import { GatewayError } from '../../http/errors.js';
import type { ClientInfo } from '../../http/request-context.js';
import { AccountBinding } from '../accounts/account-binding.js';
import { GrantReconciler } from '../grants/grant-reconciler.js';
import { SsoSessions } from '../logout/sso-sessions.js';
import type { ClaimedIdentity } from '../oidc/claimed-identity.js';
import { CodeExchange } from '../oidc/code-exchange.js';
import { ProviderStore } from '../providers/provider-store.js';
import type { SsoProvider } from '../providers/sso-provider.entity.js';
import { SsoRefusal } from '../sso-refusal.js';
import { hashOf, LOGIN_MINUTES, PendingLogins } from './pending-logins.js';
import type { SsoAuthSession } from './sso-auth-session.entity.js';

/** A browser that comes back from a provider. */
export interface Return {
  readonly providerId: string;
  /** Whole, with its query. */
  readonly url: URL;
  /** What its cookie holds. */
  readonly browser: string | undefined;
  readonly client: ClientInfo;
}

export interface Finished {
  readonly issued: IssuedSession;
  readonly redirectUri: string | null;
}

/** Codes (RFC 6749 section 4.1.2) and states longer than these are nobody's. */
const LONGEST_CODE = 4096;
const LONGEST_STATE = 128;

/** Lets people in who come back from a provider. */
@Injectable()
export class SsoCallback {
  constructor(
    private readonly providers: ProviderStore,
    private readonly pending: PendingLogins,
    private readonly exchange: CodeExchange,
    private readonly accounts: AccountBinding,
    private readonly grants: GrantReconciler,
    private readonly sessions: SsoSessions,
    private readonly users: UserRepository,
    private readonly failures: FailedLogins,
    private readonly events: AuthEvents,
  ) {}

  /** @throws SsoRefusal once it is written down */
  async finish(back: Return): Promise<Finished> {
    try {
      return await this.#finish(back);
    } catch (error) {
      const refusal = asRefusal(error);
      const { reason: failureReason, email = '' } = refusal;
      await this.failures.record({ email, type: 'login', client: back.client, failureReason });
      throw refusal;
    }
  }

  async #finish(back: Return): Promise<Finished> {
    const login = await this.#taken(back);
    // Not before the state: anybody can call an error out.
    if (back.url.searchParams.has('error')) throw refused(back.url.searchParams.get('error'));
    if ((back.url.searchParams.get('code') ?? '').length > LONGEST_CODE) throw new SsoRefusal('code_too_long');
    const provider = await this.providers.open(login.providerId);
    const sent = {
      state: back.url.searchParams.get('state') ?? '',
      nonce: login.nonce,
      codeVerifier: await this.pending.codeVerifier(login),
    };
    const identity = await this.exchange.identity(provider, sent, back.url);
    try {
      return { issued: await this.#signedIn(provider, identity, login, back.client), redirectUri: login.redirectUri };
    } catch (error) {
      const refusal = asRefusal(error);
      refusal.email = identity.email;
      throw refusal;
    }
  }

  /** The sign-in that comes back here, in the browser and at the provider where it began. */
  async #taken({ url, browser, providerId }: Return): Promise<SsoAuthSession> {
    const [state = '', ...more] = url.searchParams.getAll('state');
    if (state === '' || state.length > LONGEST_STATE || more.length > 0) throw new SsoRefusal('state_missing');
    const login = await this.pending.take(state);
    if (!login) throw new SsoRefusal('state_unknown');
    if (login.expiresAt.getTime() <= Date.now()) throw new SsoRefusal('state_expired');
    if (login.providerId !== providerId) throw new SsoRefusal('other_provider');
    if (browser === undefined || !sameText(hashOf(browser), login.browserHash)) throw new SsoRefusal('other_browser');
    return login;
  }

  async #signedIn(
    provider: SsoProvider,
    identity: ClaimedIdentity,
    { linkUserId, expiresAt }: SsoAuthSession,
    client: ClientInfo,
  ): Promise<IssuedSession> {
    const begunAt = new Date(expiresAt.getTime() - LOGIN_MINUTES * 60_000);
    const user = await this.accounts.accountOf(provider, identity, { linkUserId, begunAt, client });
    await this.grants.reconcile(user, provider, identity, client);
    const issued = await this.sessions.start(user, provider, identity, client);
    await this.users.signedIn(user, new Date());
    const details = { auth_provider: provider.id };
    await this.events.record({ email: user.email, type: 'login', success: true, client, details });
    return issued;
  }
}

/** What a provider says instead of a code; its words are not passed on. */
const refused = (error: string | null): SsoRefusal =>
  error === 'access_denied' ? new SsoRefusal('access_denied', 'access_denied') : new SsoRefusal('provider_error');

function asRefusal(error: unknown): SsoRefusal {
  if (error instanceof SsoRefusal) return error;
  if (error instanceof GatewayError) return new SsoRefusal(error.reason, 'sso_failed', error);
  throw error;
}
