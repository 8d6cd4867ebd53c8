import { Logger } from '@nestjs/common';
import type { JsonObject } from '#libs/mcp';
import { GatewayError } from '../../http/errors.js';
import { Turnstile } from '../passwords/turnstile.js';
import type { AcceptedIssuer, IntrospectionClient } from './accepted-issuer.js';
import { ClaimsSource } from './claims-source.js';
import type { IssuerClient } from './issuer-client.js';

const AT_ONCE = 16;
const WAITING = 64;
/** RFC 6750 section 2.1, as long as a header may be. */
const BEARER = /^[\w.~+/-]{1,8192}=*$/;

/** Claims as the issuer tells them when it is asked about a token (RFC 7662). */
export class IntrospectedClaims extends ClaimsSource {
  readonly #log = new Logger(IntrospectedClaims.name);
  readonly #turnstile = new Turnstile(AT_ONCE, WAITING);
  readonly #authorization: string;

  constructor(
    private readonly issuer: AcceptedIssuer['issuer'],
    private readonly asked: IntrospectionClient,
    private readonly client: IssuerClient,
  ) {
    super();
    const { clientId, clientSecret } = asked;
    // RFC 6749 section 2.3.1: both are form-encoded before they are joined.
    const pair = [clientId, clientSecret.reveal()].map((part) => new URLSearchParams({ '': part }).toString().slice(1));
    this.#authorization = `Basic ${Buffer.from(pair.join(':')).toString('base64')}`;
  }

  async claimsOf(token: string): Promise<JsonObject> {
    if (!BEARER.test(token)) throw new GatewayError('invalid_token');
    const claims = await this.#turnstile.pass(() => this.#ask(token));
    if (claims['active'] !== true) throw new GatewayError('invalid_token', undefined, 'token_inactive');
    if (claims['iss'] !== undefined && claims['iss'] !== this.issuer) throw new GatewayError('invalid_token');
    return claims;
  }

  async #ask(token: string): Promise<JsonObject> {
    const form = new URLSearchParams({ token, token_type_hint: 'access_token' });
    try {
      return await this.client.post(this.asked.endpoint, form, this.#authorization);
    } catch (error) {
      this.#log.warn({ message: `${this.issuer} can't be asked about a token`, error });
      throw new GatewayError('issuer_unavailable');
    }
  }
}
