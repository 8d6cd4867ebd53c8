import {
  errorBody,
  type McpCall,
  NOTIFICATION,
  paramHeaderMismatch,
  rawId,
  RPC_CODES,
  unknownMethod,
  withMessage,
  WrittenNumbers,
} from '#libs/mcp';
import type { Permission, Principal, Reason } from '#libs/policy';
import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Answer, BytesAnswer } from '../../http/answer.js';
import { insufficientScope } from '../../http/bearer-challenge.js';
import type { RequestContext } from '../../http/request-context.js';
import { GatewayError } from '../../http/errors.js';
import type { CallGuard } from '../../plugins/guard/call-guard.js';
import { GuardrailInterceptor } from '../../plugins/guardrail.interceptor.js';
import { AccessService, type Circumstances } from '../../rbac/access.service.js';
import type { CatalogItem, ServerView } from '../../registry/catalog/catalog.js';
import type { McpSession } from '../sessions/mcp-session.js';
import { SessionCalls } from '../sessions/session-calls.js';
import { ListenCalls } from '../notifications/listen-calls.js';
import { SubscribeCalls } from '../notifications/subscribe-calls.js';
import { GatewayList } from '../rpc/gateway-list.js';
import { ToolSearch } from '../search/tool-search.js';
import { CallsInFlight } from '../forward/calls-in-flight.js';
import { TaskCalls } from '../tasks/task-calls.js';
import { inTaskSession } from '../tasks/task-offers.js';
import { DecidedCalls } from './decided-calls.js';
import { emptyCompletion } from './empty-completion.js';
import { rpcError } from './gate-refusal.js';
import { unknownCursor } from './list-cursors.js';
import { ListPages, LISTS } from './list-pages.js';
import { ACCEPTED, discoverAnswer, resultAnswer } from './opening.js';
import { FORWARDED, type ForwardedMethod, READ } from './targets.js';

/** What a call runs in. */
export interface GateRequest {
  readonly request: Request;
  readonly response: Response;
  /** What the usage log learns of this call. */
  readonly context: RequestContext;
  readonly view: ServerView;
  /** The session of a client that opened one. */
  readonly session: McpSession | undefined;
  /** The client takes events before the answer. */
  readonly takesEvents: boolean;
  /** The answer becomes an element of a batch. */
  readonly whole: boolean;
}

const CANCELLED = 'notifications/cancelled';

function principalIn({ principal }: RequestContext): Principal {
  if (!principal) throw new GatewayError('authentication_required');
  return principal;
}

/** Answers one MCP message: from the catalogue where it can, by the upstream where it must. */
@Injectable()
export class GateService {
  constructor(
    private readonly access: AccessService,
    private readonly lists: ListPages,
    private readonly calls: DecidedCalls,
    private readonly inFlight: CallsInFlight,
    private readonly sessionCalls: SessionCalls,
    private readonly listening: ListenCalls,
    private readonly subscribing: SubscribeCalls,
    private readonly tasks: TaskCalls,
    private readonly search: ToolSearch,
    private readonly gateways: GatewayList,
    private readonly guardrails: GuardrailInterceptor,
  ) {}

  answer(call: McpCall, at: GateRequest): Answer | Promise<Answer> {
    const { context } = at;
    context.method = call.method;
    context.target = call.targetName;
    if (call.kind !== 'request') return this.#notified(call, at);
    const answer = this.#asked(call, at);
    return answer instanceof Promise ? answer.then((made) => counted(context, made)) : counted(context, answer);
  }

  #asked(call: McpCall, at: GateRequest): Answer | Promise<Answer> {
    if (this.search.takes(call, at.view)) return this.#search(call, at);
    const forwarded = FORWARDED.get(call.method);
    return forwarded ? this.#forward(call, forwarded, at) : this.#own(call, at);
  }

  #notified(call: McpCall, at: GateRequest): Answer | Promise<Answer> {
    // Nothing holds up that a call is over.
    const guard = call.method === CANCELLED ? undefined : this.guardrails.outside(call, at);
    return guard ? this.#guarded(call, at, guard) : this.#told(call, at);
  }

  /** What a guardrail holds back never reaches the upstream, which is told that there is no answer. */
  async #guarded(call: McpCall, at: GateRequest, guard: CallGuard): Promise<Answer> {
    const guarded = await guard.message(call.bytes, 'to_upstream');
    if (guarded) return this.#told(guarded === call.bytes ? call : withMessage(call, guarded), at);
    at.context.blockReason = 'guardrail';
    const text = 'A guardrail of the gateway held this message back';
    if (call.kind === 'response' && call.id !== undefined)
      await this.#told(withMessage(call, Buffer.from(errorBody(call.id, RPC_CODES.internalError, text))), at);
    return rpcError(undefined, 422, RPC_CODES.invalidParams, text);
  }

  #told(call: McpCall, { context, session }: GateRequest): Answer | Promise<Answer> {
    const requestId = call.params?.['requestId'];
    const names = typeof requestId === 'string' || typeof requestId === 'number';
    const cancelled = call.method === CANCELLED && names && this.inFlight.cancel(context, requestId);
    return session && !cancelled ? this.sessionCalls.told(call, session, context) : ACCEPTED;
  }

  /** Clients of `/rpc` send notifications with an id too, and wait for an answer. */
  async #notifiedWithId(call: McpCall, at: GateRequest): Promise<Answer> {
    await this.#notified(call, at);
    return resultAnswer(call, {});
  }

  #own(call: McpCall, at: GateRequest): Answer | Promise<Answer> {
    const list = LISTS.get(call.method);
    if (list) return this.#list(call, list, at);
    switch (call.method) {
      case 'initialize':
        return this.sessionCalls.initialize(call, at);
      case 'server/discover':
        return discoverAnswer(call, at.view);
      case 'ping':
        return resultAnswer(call, {});
      case 'logging/setLevel':
        return this.sessionCalls.setLevel(call, at);
      case 'subscriptions/listen':
        return this.listening.listen(call, at, principalIn(at.context));
      case 'resources/subscribe':
        return this.#subscribe(call, at);
      case 'resources/unsubscribe':
        return this.subscribing.unsubscribe(call, at);
      case 'list_gateways':
        return this.#gateways(call, at);
      default:
        if (this.tasks.serves(call, at)) return this.#task(call, at);
        if (call.method.startsWith(NOTIFICATION)) return this.#notifiedWithId(call, at);
        at.context.failed = 'method_not_found';
        return rpcError(
          call.id,
          call.era === 'modern' ? 404 : 200,
          RPC_CODES.methodNotFound,
          unknownMethod(call.method),
        );
    }
  }

  #task(call: McpCall, at: GateRequest): Answer | Promise<Answer> {
    const principal = principalIn(at.context);
    const refusal = this.#methodRefusal(call, 'tools.execute', principal, at.context);
    return refusal ?? this.tasks.answer(call, at, principal);
  }

  #list(call: McpCall, list: NonNullable<ReturnType<typeof LISTS.get>>, at: GateRequest): Answer {
    const { context, view, session } = at;
    const principal = principalIn(context);
    const refusal = this.#methodRefusal(call, list.permission, principal, context);
    if (refusal) return refusal;
    const looking = { view, principal, origin: context };
    const form = { era: call.era, tasks: inTaskSession(session) };
    const page = this.lists.page(list, looking, form, call.params?.['cursor']);
    return typeof page === 'string' ? unknownCursor(call, context, page) : new BytesAnswer(200, page.fill(rawId(call)));
  }

  #gateways(call: McpCall, at: GateRequest): Answer {
    const principal = principalIn(at.context);
    const refusal = this.#methodRefusal(call, 'gateways.read', principal, at.context);
    return refusal ?? this.gateways.answer(call, at, principal);
  }

  /** Who may list tools may search them. */
  #search(call: McpCall, at: GateRequest): Answer | Promise<Answer> {
    const principal = principalIn(at.context);
    const refusal = this.#methodRefusal(call, 'tools.read', principal, at.context);
    return refusal ?? this.search.answer(call, at, principal);
  }

  /** What may be read may be subscribed to. */
  #subscribe(call: McpCall, at: GateRequest): Answer | Promise<Answer> {
    const { view, context } = at;
    const principal = principalIn(context);
    const refusal = this.#methodRefusal(call, 'resources.read', principal, context);
    if (refusal) return refusal;
    const candidates = READ.candidates(view, call);
    const target = this.access.first(principal, 'resources.read', candidates, { origin: context });
    return target ? this.subscribing.subscribe(call, at, principal) : this.#noTarget(call, READ, candidates, context);
  }

  #forward(call: McpCall, method: ForwardedMethod, at: GateRequest): Answer | Promise<Answer> {
    const { request, view, context } = at;
    const principal = principalIn(context);
    const permission = method.permission(call);
    const refusal = this.#methodRefusal(call, permission, principal, context);
    if (refusal) return refusal;
    const candidates = method.candidates(view, call);
    const circumstances = circumstancesOf(call, context);
    const target = this.access.first(principal, permission, candidates, circumstances);
    if (!target) return this.#noTarget(call, method, candidates, context);
    const mismatch =
      call.era === 'modern' &&
      paramHeaderMismatch(target.paramHeaders, call.params?.['arguments'], request.headers, request.rawHeaders);
    if (mismatch)
      return blocked(context, 'header_mismatch', rpcError(call.id, 400, RPC_CODES.headerMismatch, mismatch));
    const empty = call.method === 'completion/complete' && emptyCompletion(call, target);
    if (empty) return empty;
    return this.calls.answer(call, target, at);
  }

  /** A tool that the caller sees is refused with the reason; all else answers like an unknown one. */
  #noTarget(
    call: McpCall,
    method: ForwardedMethod,
    candidates: readonly CatalogItem[],
    context: RequestContext,
  ): Answer {
    const principal = principalIn(context);
    const at = circumstancesOf(call, context);
    const permission = method.permission(call);
    const seen =
      permission === 'tools.execute' &&
      candidates.find((item) => this.access.decide(principal, 'tools.read', item, at).allowed);
    if (seen) {
      const { reason, policies } = this.access.decide(principal, permission, seen, at);
      const why = policies ? 'a policy forbids this call' : `${permission} is not held where this tool is`;
      return denied(call, permission, reason, context, why);
    }
    const forbids = (item: CatalogItem) => this.access.decide(principal, permission, item, at).policies !== undefined;
    if (candidates.some(forbids)) context.blockReason = 'policy';
    else if (candidates.length > 0) context.blockReason = 'not_visible';
    else context.failed = 'unknown_target';
    return unknownTarget(call, method);
  }

  /** A missing permission is said, with what is missing; a hidden row is not (it answers like an unknown one). */
  #methodRefusal(
    call: McpCall,
    permission: Permission,
    principal: Principal,
    context: RequestContext,
  ): Answer | undefined {
    const { allowed, reason } = this.access.check(principal, permission, undefined, { origin: context });
    if (allowed) return undefined;
    const text = reason === 'policy' ? 'a policy forbids it' : `${call.method} needs ${permission}`;
    return denied(call, permission, reason, context, text);
  }
}

function circumstancesOf({ params, bytes, scan }: McpCall, origin: RequestContext): Circumstances {
  return { origin, arguments: params?.['arguments'], numbers: new WrittenNumbers(bytes, scan.arguments) };
}

function denied(call: McpCall, permission: Permission, reason: Reason, context: RequestContext, why: string): Answer {
  const data = { reason, permission, method: call.method };
  const { body } = rpcError(call.id, 403, RPC_CODES.internalError, `Access denied: ${why}`, data);
  const { principal, resource } = context;
  // Another token helps only where the roles of the user would let it.
  const curable = reason === 'token_permission_scope' && principal?.grants.anywhere.has(permission) === true;
  const headers = curable ? { 'WWW-Authenticate': insufficientScope(resource, [permission], principal) } : {};
  return blocked(context, reason, new BytesAnswer(403, body, headers));
}

function unknownTarget(call: McpCall, method: ForwardedMethod): Answer {
  if (call.method !== 'resources/read' && call.method !== 'resources/subscribe')
    return rpcError(call.id, 200, RPC_CODES.invalidParams, method.unknown(call));
  const code = call.era === 'modern' ? RPC_CODES.invalidParams : RPC_CODES.resourceNotFound;
  return rpcError(call.id, 200, code, method.unknown(call), { uri: call.targetName });
}

function blocked(context: RequestContext, reason: string, answer: BytesAnswer): BytesAnswer {
  context.blockReason = reason;
  return answer;
}

/** A stream counts its bytes itself. */
function counted(context: RequestContext, answer: Answer): Answer {
  if (answer instanceof BytesAnswer) context.bytesOut = answer.body.length;
  return answer;
}
