import { Egress, egressFetch } from '#libs/egress';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { createHash } from 'node:crypto';
import * as client from 'openid-client';
import { speaksOidc } from '../providers/provider-kind.js';
import { ProviderStore } from '../providers/provider-store.js';
import type { SsoProvider } from '../providers/sso-provider.entity.js';
import { SsoSettings } from '../sso.settings.js';
import { assertSafeMetadata } from './assert-safe-metadata.js';
import { ID_TOKEN_ALGORITHMS } from './id-token-algorithms.js';

/** Of one answer of a provider, bytes; a set of keys or a person with many groups is far smaller. */
const MOST_BYTES = 262_144;
const MOST_KEPT = 100;
const KEPT_MS = 600_000;
const FAULT_KEPT_MS = 5000;
const SKEW_SECONDS = 30;

/** What is known of each provider: its metadata (OpenID Connect Discovery section 4), kept for ten minutes, and its keys. */
@Injectable()
export class ProviderConfigurations {
  /** The `fetch` of all that speaks with providers. */
  readonly byEgress: typeof globalThis.fetch;
  readonly #kept = new LRUCache<string, Promise<client.Configuration>>({ max: MOST_KEPT, ttl: KEPT_MS });

  constructor(
    egress: Egress,
    private readonly store: ProviderStore,
    settings: SsoSettings,
  ) {
    this.byEgress = egressFetch(egress, { timeoutMs: settings.requestSeconds * 1000, maxBytes: MOST_BYTES });
  }

  readonly #fetch: client.CustomFetch = (url, options) => this.byEgress(url, options as RequestInit);

  /** @throws Error when the provider can't be asked, or says what can't be relied on */
  async of(provider: SsoProvider): Promise<client.Configuration> {
    // Another row is another configuration, on whatever replica it was changed.
    const key = createHash('sha256').update(JSON.stringify(provider)).digest('hex');
    const kept = this.#kept.get(key);
    if (kept) return kept;
    const opened = this.#open(provider);
    this.#kept.set(key, opened);
    try {
      return await opened;
    } catch (error) {
      // Not at once again: strangers could make us ask.
      this.#kept.set(key, opened, { ttl: FAULT_KEPT_MS });
      throw error;
    }
  }

  async #open(provider: SsoProvider): Promise<client.Configuration> {
    const metadata = await this.#metadata(provider);
    const secret = await this.store.secretOf(provider);
    const options = { [client.clockTolerance]: SKEW_SECONDS };
    const configuration = new client.Configuration(metadata, provider.clientId, options, authentication(secret));
    configuration[client.customFetch] = this.#fetch;
    if (isInsecure(provider)) client.allowInsecureRequests(configuration);
    // Or the library would take the ID token's word because it came over TLS.
    if (speaksOidc(provider)) client.enableNonRepudiationChecks(configuration);
    return configuration;
  }

  async #metadata(provider: SsoProvider): Promise<client.ServerMetadata> {
    const { issuer, authorizationUrl, tokenUrl, userinfoUrl, jwksUri } = provider;
    const given = {
      ...(authorizationUrl !== null && { authorization_endpoint: authorizationUrl }),
      ...(tokenUrl !== null && { token_endpoint: tokenUrl }),
      ...(userinfoUrl !== null && { userinfo_endpoint: userinfoUrl }),
      ...(jwksUri !== null && { jwks_uri: jwksUri }),
    };
    const whole = authorizationUrl !== null && tokenUrl !== null && jwksUri !== null;
    const found = provider.kind === 'github' ? ofGithub(issuer) : whole ? { issuer } : await this.#discover(provider);
    const supported = found.id_token_signing_alg_values_supported ?? ['RS256'];
    const metadata = {
      ...found,
      ...given,
      // Never a MAC with the client secret, nor none, whatever the provider supports.
      id_token_signing_alg_values_supported: supported.filter((alg) => ID_TOKEN_ALGORITHMS.includes(alg)),
    };
    assertSafeMetadata(metadata, provider);
    return metadata;
  }

  async #discover(provider: SsoProvider): Promise<client.ServerMetadata> {
    const url = new URL(`${provider.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    const found = await client.discovery(url, provider.clientId, undefined, undefined, {
      [client.customFetch]: this.#fetch,
      execute: isInsecure(provider) ? [client.allowInsecureRequests] : [],
    });
    return found.serverMetadata();
  }
}

/** On this machine alone, see `isIssuerUrl`. */
const isInsecure = ({ issuer }: SsoProvider): boolean => issuer.startsWith('http:');

/** What OpenID Connect Discovery section 3 takes for granted, or else the one that is there. */
function authentication(secret: string | undefined): client.ClientAuth {
  if (secret === undefined) return client.None();
  const [basic, post] = [client.ClientSecretBasic(secret), client.ClientSecretPost(secret)];
  return (server, ...call) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    return methods.includes('client_secret_basic') ? basic(server, ...call) : post(server, ...call);
  };
}

/** Its documented endpoints: it has no metadata for this. */
const ofGithub = (issuer: string): client.ServerMetadata => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/access_token`,
  token_endpoint_auth_methods_supported: ['client_secret_post'],
});
