import { importPKCS8, SignJWT } from 'jose';
import { parseUrl } from '#libs/egress';
import { isJsonObject, type JsonObject } from '#libs/mcp';
import { type Grant, grantFor } from '../held-token.js';
import { memberOf, textOf } from '../member-of.js';
import { readSmallFile } from '../read-small-file.js';
import type { StoreClient } from '../store-client.js';
import { StoreError } from '../store-error.js';

const SETTING = 'GOOGLE_APPLICATION_CREDENTIALS';
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const ASSERTION_SECONDS = 600;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** Gets access tokens with a file of credentials: of a service account (RFC 7523), or of workload identity federation (RFC 8693). */
export class GcpCredentials {
  constructor(
    private readonly http: StoreClient,
    private readonly path: string | undefined,
  ) {}

  /** @throws StoreError */
  async grant(): Promise<Grant> {
    if (this.path === undefined)
      throw new StoreError('misconfigured', `${SETTING} is required: the metadata server is never asked`);
    const file = objectIn(await readSmallFile(this.path, SETTING), 'is no JSON object');
    if (file['type'] === 'service_account') return this.#ofAccount(file);
    if (file['type'] === 'external_account') return this.#federated(file);
    throw fault('is neither of the type service_account nor external_account');
  }

  async #ofAccount(file: JsonObject): Promise<Grant> {
    const [issuer, tokenUri] = [member(file, 'client_email'), member(file, 'token_uri')];
    const key = await importPKCS8(member(file, 'private_key'), 'RS256').catch(() => {
      throw fault('holds a private_key that can’t be read');
    });
    const kid = file['private_key_id'];
    const assertion = await new SignJWT({ scope: SCOPE })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(typeof kid === 'string' && { kid }) })
      .setIssuer(issuer)
      .setAudience(tokenUri)
      .setIssuedAt()
      .setExpirationTime(`${ASSERTION_SECONDS}s`)
      .sign(key);
    return this.#exchange(tokenUri, { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion });
  }

  async #federated(file: JsonObject): Promise<Grant> {
    const grant = await this.#exchange(member(file, 'token_url'), {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      audience: member(file, 'audience'),
      scope: SCOPE,
      requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      subject_token_type: member(file, 'subject_token_type'),
      subject_token: await this.#subjectToken(file),
    });
    const impersonated = file['service_account_impersonation_url'];
    return typeof impersonated === 'string' ? this.#impersonated(impersonated, grant.token) : grant;
  }

  async #subjectToken(file: JsonObject): Promise<string> {
    const path = memberOf(file, 'credential_source', 'file');
    if (typeof path !== 'string') throw fault('has a credential_source that is no file; no other is read');
    const text = await readSmallFile(path, `${SETTING} (credential_source)`);
    const name = memberOf(file, 'credential_source', 'format', 'subject_token_field_name');
    if (memberOf(file, 'credential_source', 'format', 'type') !== 'json' || typeof name !== 'string') return text;
    return member(objectIn(text, 'has a credential_source that holds no JSON object'), name);
  }

  async #exchange(uri: string, parameters: Record<string, string>): Promise<Grant> {
    const body = new URLSearchParams(parameters).toString();
    const answer = await this.http.ask({ url: urlOf(uri), method: 'POST', headers: FORM, body, subject: SETTING });
    const seconds = answer['expires_in'];
    if (typeof seconds !== 'number') throw this.http.unreadable();
    return grantFor(
      textOf(answer, () => this.http.unreadable(), 'access_token'),
      seconds,
    );
  }

  async #impersonated(uri: string, token: string): Promise<Grant> {
    const answer = await this.http.ask({
      url: urlOf(uri),
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ scope: [SCOPE] }),
      subject: SETTING,
    });
    const unreadable = () => this.http.unreadable();
    const seconds = (Date.parse(textOf(answer, unreadable, 'expireTime')) - Date.now()) / 1000;
    if (!(seconds > 0)) throw unreadable();
    return grantFor(textOf(answer, unreadable, 'accessToken'), seconds);
  }
}

const fault = (what: string): StoreError => new StoreError('misconfigured', `${SETTING} names a file that ${what}`);

const member = (file: JsonObject, name: string): string => textOf(file, () => fault(`has no text as ${name}`), name);

function urlOf(text: string): URL {
  const url = parseUrl(text);
  if (!url) throw fault('holds an address that is no URL');
  return url;
}

function objectIn(text: string, what: string): JsonObject {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw fault(what);
  }
  if (!isJsonObject(parsed)) throw fault(what);
  return parsed;
}
