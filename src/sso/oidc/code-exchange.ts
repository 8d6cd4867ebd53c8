import { Injectable, Logger } from '@nestjs/common';
import * as client from 'openid-client';
import type { SsoProvider } from '../providers/sso-provider.entity.js';
import { SsoRefusal } from '../sso-refusal.js';
import type { ClaimedIdentity } from './claimed-identity.js';
import { githubIdentity } from './github-identity.js';
import { oidcIdentity } from './oidc-identity.js';
import { ProviderConfigurations } from './provider-configurations.js';

/** As the library throws them: the code, and within the cause what it found. */
interface Fault extends Error {
  readonly code?: unknown;
}

/** What was sent along with a sign-in, and has to come back or to be known. */
export interface SentLogin {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** Speaks with providers: sends people there, and exchanges the code they come back with for who they are. */
@Injectable()
export class CodeExchange {
  readonly #log = new Logger(CodeExchange.name);

  constructor(private readonly configurations: ProviderConfigurations) {}

  /** Where the browser goes: the code flow with PKCE S256 (RFC 7636). @throws SsoRefusal */
  async authorizationUrl(provider: SsoProvider, login: SentLogin, callback: string, scope: string): Promise<URL> {
    return this.#refusing(provider, async () => {
      const configuration = await this.configurations.of(provider);
      return client.buildAuthorizationUrl(configuration, {
        redirect_uri: callback,
        scope,
        state: login.state,
        code_challenge: await client.calculatePKCECodeChallenge(login.codeVerifier),
        code_challenge_method: 'S256',
        ...(provider.kind !== 'github' && { nonce: login.nonce }),
      });
    });
  }

  /** @param callback the whole URL that the browser came back to. @throws SsoRefusal */
  async identity(provider: SsoProvider, login: SentLogin, callback: URL): Promise<ClaimedIdentity> {
    return this.#refusing(provider, async () => {
      const configuration = await this.configurations.of(provider);
      const checks = { pkceCodeVerifier: login.codeVerifier, expectedState: login.state };
      if (provider.kind === 'github') {
        const tokens = await client.authorizationCodeGrant(configuration, callback, checks);
        return githubIdentity(configuration, provider, tokens.access_token);
      }
      const expected = { ...checks, expectedNonce: login.nonce, idTokenExpected: true };
      const tokens = await client.authorizationCodeGrant(configuration, callback, expected);
      return oidcIdentity(configuration, provider, tokens);
    });
  }

  /** Whatever goes wrong there is a refusal here; its cause may hold tokens, and is not logged. */
  async #refusing<T>(provider: SsoProvider, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof SsoRefusal) throw error;
      const fault = faultOf(error as Fault);
      this.#log.warn({ message: 'an identity provider can’t be relied on', provider: provider.id, ...fault });
      throw new SsoRefusal(fault.reason, 'sso_failed', error);
    }
  }
}

/** In words of the library's own, and none of the provider's. */
function faultOf({ message, code, cause }: Fault): { readonly reason: string; readonly error: string } {
  const inner = cause instanceof Error ? cause : undefined;
  const { claim } = (inner?.cause ?? {}) as { readonly claim?: unknown };
  const name = typeof code === 'string' ? code.toLowerCase() : 'provider_fault';
  return { reason: typeof claim === 'string' ? `${name}:${claim}` : name, error: inner?.message ?? message };
}
