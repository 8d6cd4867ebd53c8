import { createPrivateKey, webcrypto } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Egress, EgressError, egressFetch } from '#libs/egress';
import { Injectable } from '@nestjs/common';
import {
  allowInsecureRequests,
  type ClientAuth,
  ClientSecretPost,
  Configuration,
  customFetch,
  None,
  PrivateKeyJwt,
  type ServerMetadata,
} from 'openid-client';
import { oauthFault } from '../oauth-fault.js';
import { OauthSettings } from '../oauth.settings.js';
import { type TrustedUpstream, wayFor } from '../upstream-way.js';
import type { OauthClient } from './oauth-client.js';

const MOST_BYTES = 262_144;
type KeyAlgorithm = Parameters<typeof webcrypto.subtle.importKey>[2];

/** By what OpenSSL calls the curve or the kind of key. */
const ALGORITHMS: Readonly<Record<string, KeyAlgorithm>> = {
  prime256v1: { name: 'ECDSA', namedCurve: 'P-256' },
  secp384r1: { name: 'ECDSA', namedCurve: 'P-384' },
  secp521r1: { name: 'ECDSA', namedCurve: 'P-521' },
  ed25519: { name: 'Ed25519' },
  rsa: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
};

/** Makes the library ready for a client at an authorization server, by the one way out. */
@Injectable()
export class ClientConfigurations {
  constructor(
    private readonly egress: Egress,
    private readonly settings: OauthSettings,
  ) {}

  /** WHATWG `fetch` by the one way out, for an upstream's sake. */
  fetchFor(upstream: TrustedUpstream): typeof globalThis.fetch {
    const { timeoutSeconds, maxRetries } = this.settings;
    const limits = { timeoutMs: timeoutSeconds * 1000, maxBytes: MOST_BYTES };
    const once = egressFetch(this.egress, limits, wayFor(upstream));
    return async (input, init) => {
      for (let tries = 0; ; tries++) {
        try {
          return await once(input, init);
        } catch (error) {
          if (tries >= maxRetries || !isUnsent(error)) throw error;
          await pause(1000 * 2 ** tries);
        }
      }
    };
  }

  /**
   * @param heard gets each answer before the library reads it
   * @throws GatewayError `oauth_failed` for a private key that is of no use
   */
  async of(
    upstream: TrustedUpstream,
    server: ServerMetadata,
    client: OauthClient,
    heard?: (answer: Response) => Promise<void>,
  ): Promise<Configuration> {
    const configuration = new Configuration(server, client.clientId, {}, await authenticationOf(client));
    configuration.timeout = this.settings.timeoutSeconds;
    const send = this.fetchFor(upstream);
    configuration[customFetch] = async (url, options) => {
      const answer = await send(url, options as RequestInit);
      await heard?.(answer.clone());
      return answer;
    };
    if (this.settings.allowHttp) allowInsecureRequests(configuration);
    return configuration;
  }
}

/** What surely never arrived may be sent again. */
const isUnsent = (error: unknown): boolean =>
  error instanceof EgressError && (error.reason === 'dns_failed' || error.reason === 'connect_failed');

/** RFC 6749 section 2.3.1; hyphens and dots as they are, for the many servers that do not decode what the library encodes. */
const basic =
  (secret: string): ClientAuth =>
  (_, { client_id: id }, __, headers) => {
    const [name, word] = [id, secret].map((text) => new URLSearchParams({ '': text }).toString().slice(1));
    headers.set('authorization', `Basic ${Buffer.from(`${name}:${word}`).toString('base64')}`);
  };

async function authenticationOf({ authMethod, clientSecret, privateKey }: OauthClient): Promise<ClientAuth> {
  if (authMethod === 'client_secret_basic') return basic(clientSecret ?? '');
  if (authMethod === 'client_secret_post') return ClientSecretPost(clientSecret);
  if (authMethod === 'none' || privateKey === undefined) return None();
  try {
    const key = createPrivateKey(privateKey);
    const algorithm = ALGORITHMS[key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType ?? ''] ?? '';
    const bytes = key.export({ type: 'pkcs8', format: 'der' });
    return PrivateKeyJwt(await webcrypto.subtle.importKey('pkcs8', bytes, algorithm, false, ['sign']));
  } catch (error) {
    throw oauthFault('private_key is not a private key in PKCS #8 (PEM)', error);
  }
}
