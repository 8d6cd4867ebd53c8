import { Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../../http/errors.js';
import { HttpSettings } from '../../http/http.settings.js';
import type { RoutePolicy } from '../../http/route-policy.js';
import { BasicAccount } from './basic-account.js';
import { CredentialSettings } from './credential.settings.js';
import type { Credential } from './credential.js';
import { isBrowserShaped, sessionCookie } from './session-cookie.js';

const NONE: Credential = Object.freeze({ source: 'none' });
const BASIC: Credential = Object.freeze({ source: 'basic' });

/**
 * Which one credential a request brought. An `Authorization` header always wins, then the session cookie, then the word
 * of a trusted proxy. What is there but can't count is refused, never passed over: or a bad credential would become
 * nobody. Tokens in URLs and `Proxy-Authorization` are not looked at.
 */
@Injectable()
export class CredentialReader {
  readonly #origin: string;
  readonly #proxyHeader: string;

  constructor(
    private readonly settings: CredentialSettings,
    private readonly http: HttpSettings,
    private readonly basic: BasicAccount,
  ) {
    this.#origin = new URL(http.appDomain).origin;
    this.#proxyHeader = settings.proxyUserHeader.toLowerCase();
  }

  /** @throws GatewayError 401 for a credential that can't count here */
  read(request: IncomingMessage, policy: RoutePolicy): Credential {
    const { headers } = request;
    const { authorization } = headers;
    if (authorization !== undefined) return this.#authorization(authorization, policy);
    const token = sessionCookie(headers.cookie);
    if (token !== undefined) return this.#cookie(token, request, policy);
    return this.#proxied(request) ?? NONE;
  }

  /** What to answer a caller who brought nothing where something is needed. */
  missing({ context }: IncomingMessage, policy: RoutePolicy): GatewayError {
    if (isDocumentation(policy) && this.settings.docsAllowBasic) return new GatewayError('basic_required');
    const byProxy = this.#believes(context.peerAddress);
    return new GatewayError(byProxy ? 'proxy_header_required' : 'authentication_required');
  }

  #authorization(header: string, policy: RoutePolicy): Credential {
    if (header.slice(0, 7).toLowerCase() === 'bearer ') return { source: 'bearer', token: header.slice(7).trim() };
    if (header.slice(0, 5).toLowerCase() === 'dpop ') return { source: 'dpop', token: header.slice(5).trim() };
    if (header.slice(0, 6).toLowerCase() !== 'basic ') throw new GatewayError('invalid_token');
    this.#assertBasicAllowed(policy);
    if (!this.basic.matches(header.slice(6).trim())) throw new GatewayError('basic_rejected');
    return BASIC;
  }

  #assertBasicAllowed(policy: RoutePolicy): void {
    if (isDocumentation(policy)) {
      if (this.settings.docsAllowBasic) return;
      throw new GatewayError('basic_disabled', 'Basic authentication is disabled for the documentation');
    }
    if (policy.kind === 'mcp') {
      throw new GatewayError('basic_disabled', 'Basic authentication is disabled for API endpoints that speak MCP');
    }
    if (!this.settings.apiAllowBasic) throw new GatewayError('basic_disabled');
  }

  #cookie(token: string, { headers }: IncomingMessage, policy: RoutePolicy): Credential {
    if (policy.kind === 'mcp' || !isBrowserShaped(headers, this.#origin)) throw new GatewayError('cookie_not_allowed');
    if (token === '') throw new GatewayError('invalid_token');
    return { source: 'cookie', token };
  }

  #proxied({ headers, rawHeaders, context }: IncomingMessage): Credential | undefined {
    const named = headers[this.#proxyHeader];
    // From anybody else the header is noise, not a credential.
    if (typeof named !== 'string' || named === '' || !this.#believes(context.peerAddress)) return undefined;
    // A proxy that adds its header to the client's would otherwise pass the client's on as its own.
    const times = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === this.#proxyHeader).length;
    if (times !== 1) throw new GatewayError('user_not_found');
    return { source: 'proxy', email: named };
  }

  #believes(peer: string): boolean {
    return this.settings.trustProxyAuth && !this.settings.mcpClientAuth && this.http.trustedProxies.has(peer);
  }
}

const isDocumentation = (policy: RoutePolicy): boolean => policy.kind === 'signed-in' && policy.documentation === true;
