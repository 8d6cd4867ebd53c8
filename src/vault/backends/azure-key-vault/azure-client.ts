import type { Egress } from '#libs/egress';
import type { JsonObject } from '#libs/mcp';
import { type Grant, grantFor, HeldToken } from '../held-token.js';
import { textOf } from '../member-of.js';
import { readSmallFile } from '../read-small-file.js';
import { StoreClient } from '../store-client.js';
import { StoreError } from '../store-error.js';
import { below } from '../store-url.js';
import type { AzureSettings } from './azure.settings.js';

const API_VERSION = '?api-version=7.4';
const CREDENTIAL = 'AZURE_CLIENT_ID';

export interface AzureCall {
  readonly method: 'GET' | 'POST';
  /** Below the vault, as its segments. */
  readonly path: readonly string[];
  readonly body?: JsonObject;
  readonly subject: string;
}

/** The REST API of an Azure Key Vault, with tokens by client credentials (RFC 6749, 4.4) of a secret or a token in a file. */
export class AzureClient {
  readonly #http: StoreClient;
  readonly #token = new HeldToken(() => this.#grant());

  constructor(
    egress: Egress,
    private readonly settings: AzureSettings,
    timeoutMs: number,
  ) {
    const names = { store: 'Azure', address: 'AZURE_KEY_VAULT_URL and AZURE_AUTHORITY_HOST', credential: CREDENTIAL };
    this.#http = new StoreClient(egress, timeoutMs, names);
  }

  /** @throws StoreError */
  async ask({ method, path, body, subject }: AzureCall): Promise<JsonObject> {
    const { vault } = this.settings;
    if (vault === undefined) throw new StoreError('misconfigured', 'AZURE_KEY_VAULT_URL is not set');
    const content = body && { 'content-type': 'application/json' };
    return this.#token.use((token) =>
      this.#http.ask({
        url: below(vault, path, API_VERSION),
        method,
        headers: { authorization: `Bearer ${token}`, ...content },
        subject,
        ...(body && { body: JSON.stringify(body) }),
      }),
    );
  }

  /** The text of a member of an answer. @throws StoreError `invalid_answer` */
  text(answer: JsonObject, ...path: readonly string[]): string {
    return textOf(answer, () => this.#http.unreadable(), ...path);
  }

  unreadable(): StoreError {
    return this.#http.unreadable();
  }

  async #grant(): Promise<Grant> {
    const { authority, tenantId = '', clientId = '', scope } = this.settings;
    const proof = await this.#proof();
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, scope, ...proof });
    const answer = await this.#http.ask({
      url: below(authority, [tenantId, 'oauth2', 'v2.0', 'token']),
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: body.toString(),
      subject: CREDENTIAL,
    });
    const seconds = answer['expires_in'];
    if (typeof seconds !== 'number') throw this.unreadable();
    return grantFor(this.text(answer, 'access_token'), seconds);
  }

  async #proof(): Promise<Record<string, string>> {
    const { clientSecret, tokenFile } = this.settings;
    if (clientSecret) return { client_secret: clientSecret.reveal() };
    return {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await readSmallFile(tokenFile ?? '', 'AZURE_FEDERATED_TOKEN_FILE'),
    };
  }
}
