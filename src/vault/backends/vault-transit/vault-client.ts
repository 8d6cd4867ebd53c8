import type { Egress } from '#libs/egress';
import { isJsonObject, type JsonObject } from '#libs/mcp';
import { type Grant, grantFor, HeldToken } from '../held-token.js';
import { memberOf, textOf } from '../member-of.js';
import { readSmallFile } from '../read-small-file.js';
import { StoreClient } from '../store-client.js';
import { StoreError } from '../store-error.js';
import { below } from '../store-url.js';
import type { HashicorpSettings } from './hashicorp.settings.js';

const CREDENTIALS: Readonly<Record<HashicorpSettings['authMethod'], string>> = {
  token: 'VAULT_TOKEN',
  approle: 'VAULT_ROLE_ID and VAULT_SECRET_ID',
  kubernetes: 'VAULT_KUBERNETES_ROLE',
};

export interface VaultCall {
  readonly method: 'GET' | 'POST';
  /** Below `/v1`, as its segments. */
  readonly path: readonly string[];
  readonly query?: string;
  readonly body?: JsonObject;
  /** What names it: a setting, or a reference. */
  readonly subject: string;
}

/** The HTTP API of HashiCorp Vault and OpenBao, with a token that is logged in for and renewed. */
export class VaultClient {
  readonly #http: StoreClient;
  readonly #token: HeldToken;

  constructor(
    egress: Egress,
    private readonly settings: HashicorpSettings,
    timeoutMs: number,
  ) {
    const credential = CREDENTIALS[settings.authMethod];
    this.#http = new StoreClient(egress, timeoutMs, { store: 'Vault', address: 'VAULT_ADDR', credential });
    this.#token = new HeldToken((before) => this.#obtain(before), settings.authMethod === 'token');
  }

  /** The member `data` of the answer. @throws StoreError */
  async ask(call: VaultCall): Promise<JsonObject> {
    // Vault says 403 of a token that was revoked, and of what is not allowed.
    return this.#member(await this.#token.use((token) => this.#send(call, token), 403), 'data');
  }

  unreadable(): StoreError {
    return this.#http.unreadable();
  }

  async #obtain(before: Grant | undefined): Promise<Grant> {
    if (before) {
      const renewed = await this.#renew(before.token).catch(() => undefined);
      if (renewed) return renewed;
    }
    return this.settings.authMethod === 'token' ? this.#given() : this.#login();
  }

  async #renew(token: string): Promise<Grant | undefined> {
    const path = ['auth', 'token', 'renew-self'];
    const answer = await this.#send({ method: 'POST', path, body: {}, subject: 'VAULT_AUTH_METHOD' }, token);
    const grant = this.#grant(answer);
    // At the end of its longest life it is renewed by ever less.
    return grant.expiresAt > Date.now() + LEAST_MS ? grant : undefined;
  }

  /** The token of the settings, with the life that it has left. */
  async #given(): Promise<Grant> {
    const token = this.settings.token?.reveal();
    if (token === undefined) throw new StoreError('misconfigured', 'VAULT_TOKEN is not set');
    const call: VaultCall = { method: 'GET', path: ['auth', 'token', 'lookup-self'], subject: 'VAULT_TOKEN' };
    const { ttl, renewable } = this.#member(await this.#send(call, token), 'data');
    if (typeof ttl !== 'number') throw this.unreadable();
    const grant = grantFor(token, ttl);
    return renewable === true ? grant : { ...grant, renewAt: grant.expiresAt };
  }

  async #login(): Promise<Grant> {
    const { authMethod, authMount = authMethod, roleId, secretId, role, jwtFile } = this.settings;
    const body: JsonObject =
      authMethod === 'approle'
        ? { role_id: roleId, secret_id: secretId?.reveal() }
        : { role, jwt: await readSmallFile(jwtFile, 'VAULT_KUBERNETES_TOKEN_FILE') };
    const path = ['auth', ...authMount.split('/'), 'login'];
    return this.#grant(await this.#send({ method: 'POST', path, body, subject: 'VAULT_AUTH_METHOD' }));
  }

  #grant(answer: JsonObject): Grant {
    const token = textOf(answer, () => this.unreadable(), 'auth', 'client_token');
    const seconds = memberOf(answer, 'auth', 'lease_duration');
    if (typeof seconds !== 'number') throw this.unreadable();
    return grantFor(token, seconds);
  }

  #member(answer: JsonObject, name: string): JsonObject {
    const found = memberOf(answer, name);
    if (!isJsonObject(found)) throw this.unreadable();
    return found;
  }

  #send({ method, path, query = '', body, subject }: VaultCall, token?: string): Promise<JsonObject> {
    const { address, namespace } = this.settings;
    if (address === undefined) throw new StoreError('misconfigured', 'VAULT_ADDR is not set');
    return this.#http.ask({
      url: below(address, ['v1', ...path], query),
      method,
      subject,
      headers: {
        'x-vault-request': 'true',
        ...(token !== undefined && { 'x-vault-token': token }),
        ...(namespace !== undefined && { 'x-vault-namespace': namespace }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  }
}

/** What a renewed token has to have left, milliseconds. */
const LEAST_MS = 10_000;
