import { errorBody } from '#libs/mcp';
import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { CredentialSettings } from '../../auth/credentials/credential.settings.js';
import { AnsweredError, BytesAnswer } from '../../http/answer.js';
import { GatewayError } from '../../http/errors.js';
import { PluginChains } from '../chain/plugin-chains.js';
import { type HookOutcome, runHook } from '../chain/run-hook.js';
import { PluginEvents } from '../events/plugin-events.js';
import { BlockedAnswer, isBlocked } from '../guard/blocked-answer.js';
import { callFacts } from '../guard/call-facts.js';
import type { Hook, HookPayloads, HttpPreRequest } from '../hooks.js';
import { RequestState } from '../plugin-context.js';
import { PluginsSettings } from '../plugins.settings.js';

/** By which callers prove who they are. */
const OF_AUTHENTICATION = /^(authorization|proxy-authorization|cookie|x-csrf-token|x-api-key|x-authenticated-user)$/;
/** What frames a message is no plugin's to change. */
const OF_CONNECTION = /^(connection|content-length|transfer-encoding|te|trailer|upgrade|host|keep-alive|expect)$/;

/** The hooks around a whole request: before anybody knows who calls, while it is found out, and when it is over. */
@Injectable()
export class HttpHooks {
  readonly #states = new WeakMap<Request, RequestState>();
  /** In which a trusted proxy names the caller. */
  readonly #ofProxy: string;

  constructor(
    private readonly chains: PluginChains,
    private readonly events: PluginEvents,
    private readonly settings: PluginsSettings,
    { proxyUserHeader }: CredentialSettings,
  ) {
    this.#ofProxy = proxyUserHeader.toLowerCase();
  }

  serves(hook: Hook): boolean {
    return this.chains.serves(hook);
  }

  /** @throws AnsweredError of a plugin that refuses the request, or fails */
  async before(request: Request): Promise<void> {
    const headers = plainHeaders(request);
    const payload = { ...requestFacts(request), headers };
    const outcome = await this.#run('http_pre_request', payload, request);
    if (isBlocked(outcome)) throw refusal('http_pre_request', outcome, request);
    if (outcome.payload.headers !== headers) this.#change(request, headers, outcome.payload.headers);
  }

  /** The e-mail of the caller, where a plugin knows it. @throws GatewayError 401, AnsweredError of a plugin that fails */
  async resolveUser(request: Request): Promise<string | undefined> {
    const { authorization = '' } = request.headers;
    const credentials = /^Bearer (.+)$/i.exec(authorization)?.[1];
    const { clientHost, clientPort } = requestFacts(request);
    const payload = { credentials, headers: plainHeaders(request), clientHost, clientPort };
    const outcome = await this.#run('http_auth_resolve_user', payload, request);
    if (outcome.violation) {
      const { description, code } = outcome.violation;
      throw new GatewayError('invalid_token', description.slice(0, 500), code.slice(0, 64));
    }
    if (isBlocked(outcome)) throw refusal('http_auth_resolve_user', outcome, request);
    return outcome.user?.email.toLowerCase();
  }

  /** @throws GatewayError 403 */
  async checkPermission(request: Request, permission: string, teamId: string | undefined): Promise<void> {
    const { principal, credential = 'none', clientAddress, userAgent } = request.context;
    const outcome = await this.#run(
      'http_auth_check_permission',
      {
        userEmail: principal?.subject ?? 'anonymous',
        permission,
        resourceType: permission.split(/[.:]/, 1)[0],
        teamId,
        isAdmin: principal?.isAdmin ?? false,
        authMethod: credential,
        clientHost: clientAddress,
        userAgent,
      },
      request,
    );
    if (outcome.violation)
      throw new GatewayError('access_denied', outcome.violation.description.slice(0, 500), 'plugin');
    if (isBlocked(outcome)) throw refusal('http_auth_check_permission', outcome, request);
  }

  /** Nothing can be changed any more. */
  async after(request: Request, statusCode: number, given: Readonly<Record<string, unknown>>): Promise<void> {
    const texts = Object.entries(given).map(([name, value]): [string, string] => [name, String(value)]);
    const payload = {
      ...requestFacts(request),
      headers: plainHeaders(request),
      statusCode,
      responseHeaders: Object.fromEntries(texts),
    };
    await this.#run('http_post_request', payload, request);
  }

  #run<H extends Hook>(hook: H, payload: HookPayloads[H], request: Request): HookOutcome<H> | Promise<HookOutcome<H>> {
    const { context } = request;
    let state = this.#states.get(request);
    if (!state) this.#states.set(request, (state = new RequestState()));
    const chain = this.chains.of(undefined, context.serverId, undefined);
    const facts = callFacts(context, undefined, undefined);
    return runHook(hook, chain.steps(hook), payload, { facts, state, events: this.events });
  }

  #change(request: Request, given: HttpPreRequest['headers'], made: HttpPreRequest['headers']): void {
    for (const name of new Set([...Object.keys(given), ...Object.keys(made)])) {
      if (given[name] === made[name] || OF_CONNECTION.test(name)) continue;
      const authenticates = OF_AUTHENTICATION.test(name) || name === this.#ofProxy;
      if (authenticates && !this.settings.canOverrideAuthHeaders) continue;
      const value = made[name];
      // Both are read: the second where what a header was sent twice for matters.
      const { headers, headersDistinct } = request;
      if (value === undefined) {
        delete headers[name];
        delete headersDistinct[name];
      } else {
        headers[name] = value;
        headersDistinct[name] = [value];
      }
    }
  }
}

function requestFacts(request: Request): Pick<HttpPreRequest, 'path' | 'method' | 'clientHost' | 'clientPort'> {
  const { url, method, context, socket } = request;
  const path = url.split('?', 1)[0] ?? '';
  return { path, method, clientHost: context.clientAddress, clientPort: socket.remotePort };
}

const plainHeaders = ({ headers }: Request): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );

/** In the words of the door: JSON-RPC on those of MCP. */
function refusal(hook: Hook, outcome: HookOutcome<Hook>, { context }: Request): AnsweredError {
  const door = context.mcpDoor ? 'mcp' : 'rest';
  const { told } = BlockedAnswer.of(undefined, hook, outcome, door);
  const { status, code, message, data, headers } = told;
  const body = context.mcpDoor
    ? errorBody(undefined, code, message, data)
    : JSON.stringify({ error: { code, message, data } });
  return new AnsweredError(new BytesAnswer(status, Buffer.from(body), headers), 'guardrail');
}
