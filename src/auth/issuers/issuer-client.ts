import { parseUrl } from '#libs/egress';
import type { BufferedRequest, Destination, Egress } from '#libs/egress';
import { isJsonObject, type JsonObject, parseBounded } from '#libs/mcp';
import type { AcceptedIssuer } from './accepted-issuer.js';

const TIMEOUT_MS = 5000;
const MOST_BYTES = 262_144;
const DEEPEST = 16;

/** Asks authorization servers for JSON, by the one way out. */
export class IssuerClient {
  /** @param wayTo how the server at a URL proves who it is, where that is not as for everybody */
  constructor(
    private readonly egress: Egress,
    private readonly wayTo: (url: URL) => URL | Destination = (url) => url,
  ) {}

  /** @throws Error for everything that is not 200 with a JSON object; EgressError */
  get(url: URL): Promise<JsonObject> {
    return this.#json(url, { method: 'GET', headers: { accept: 'application/json' } });
  }

  /** @throws as {@link get} does */
  post(url: URL, form: URLSearchParams, authorization: string): Promise<JsonObject> {
    const headers = {
      accept: 'application/json',
      authorization,
      'content-type': 'application/x-www-form-urlencoded',
    };
    return this.#json(url, { method: 'POST', headers, body: form.toString() });
  }

  /** The keys of an issuer, from where it says unless the operator does. @throws as {@link get} does */
  async keySet({ issuer, jwksUri }: Pick<AcceptedIssuer, 'issuer' | 'jwksUri'>): Promise<JsonObject> {
    return this.get(jwksUri ?? (await this.#jwksUri(issuer)));
  }

  /**
   * Where the keys of an issuer are, as its metadata says (RFC 8414 section 3, OpenID Connect Discovery section 4).
   * @throws Error when none of its documents is there, or one is about another issuer
   */
  async #jwksUri(issuer: string): Promise<URL> {
    const { jwks_uri: uri } = await this.metadata(issuer);
    if (typeof uri !== 'string' || !parseUrl(uri)) throw new Error(`${issuer} has no jwks_uri`);
    const found = new URL(uri);
    if (found.protocol !== 'https:' && found.origin !== new URL(issuer).origin) throw new Error(`${uri} is not https`);
    return found;
  }

  /**
   * What an issuer says of itself, from the first of its documents that is there.
   * @throws Error when none is there, or one is about another issuer
   */
  async metadata(issuer: string): Promise<JsonObject> {
    for (const url of metadataUrls(issuer)) {
      const metadata = await this.get(url).catch(() => undefined);
      if (!metadata) continue;
      // Before anything in it is used: a document about another issuer is a mix-up (RFC 8414 section 3.3).
      if (metadata['issuer'] !== issuer) throw new Error(`${url.href} is not about ${issuer}`);
      return metadata;
    }
    throw new Error(`${issuer} has no metadata`);
  }

  async #json(url: URL, call: Pick<BufferedRequest, 'method' | 'headers' | 'body'>): Promise<JsonObject> {
    const { status, body } = await this.egress.request(this.wayTo(url), {
      ...call,
      timeoutMs: TIMEOUT_MS,
      maxBytes: MOST_BYTES,
    });
    const json = status === 200 ? parseBounded(body, DEEPEST) : 'not_json';
    if (typeof json === 'string' || !isJsonObject(json.value))
      throw new Error(`${url.origin} answered ${status} without a JSON object`);
    return json.value;
  }
}

function metadataUrls(issuer: string): URL[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  const inserted = ['oauth-authorization-server', 'openid-configuration'].map((name) => `/.well-known/${name}${path}`);
  const all = path === '' ? inserted : [...inserted, `${path}/.well-known/openid-configuration`];
  return all.map((each) => new URL(origin + each));
}
