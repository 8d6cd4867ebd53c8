import { isLogLevel, LOG_LEVELS, type McpCall, RPC_CODES } from '#libs/mcp';
import { Injectable } from '@nestjs/common';
import { type Answer } from '../../http/answer.js';
import type { GateRequest } from '../gate/gate.service.js';
import { rpcError } from '../gate/gate-refusal.js';
import { ACCEPTED, initializeAnswer, resultAnswer } from '../gate/opening.js';
import type { RequestContext } from '../../http/request-context.js';
import type { McpSession } from './mcp-session.js';
import { ServerRequests } from './server-requests.js';
import { SessionUpstreams } from './session-upstreams.js';
import { McpSessionSettings } from './mcp-session.settings.js';
import { McpSessions } from './mcp-sessions.js';

/**
 * News that each upstream of the session gets. A cancelled call may be in flight at another replica: the upstream that
 * works on it knows it by the same id.
 */
const PASSED_ON: ReadonlySet<string> = new Set(['notifications/roots/list_changed', 'notifications/cancelled']);

/** The requests by which a client opens its session and says what it wants of it. */
@Injectable()
export class SessionCalls {
  constructor(
    private readonly sessions: McpSessions,
    private readonly upstreams: SessionUpstreams,
    private readonly serverRequests: ServerRequests,
    private readonly settings: McpSessionSettings,
  ) {}

  initialize(call: McpCall, at: GateRequest): Answer | Promise<Answer> {
    const { session, view, request, whole } = at;
    // A stream of HTTP+SSE is a session already.
    if (session) return this.#settle(call, session, at);
    const { principal } = at.context;
    const gives = this.settings.servedAt(request.path) && !whole && principal !== undefined;
    return initializeAnswer(call, view, gives ? this.sessions.open(call, principal, view.id) : undefined);
  }

  async #settle(call: McpCall, session: McpSession, { view, context }: GateRequest): Promise<Answer> {
    if (await this.sessions.settle(session, call)) return initializeAnswer(call, view, session.id);
    context.failed = 'invalid_request';
    return rpcError(call.id, 200, RPC_CODES.invalidRequest, 'initialize opens a session once');
  }

  /** Without a session a level has nothing to hold on to; asking for it is no fault. */
  async setLevel(call: McpCall, { session, context }: GateRequest): Promise<Answer> {
    const level = call.params?.['level'];
    if (!isLogLevel(level)) {
      context.failed = 'invalid_params';
      const text = `params.level must be one of ${LOG_LEVELS.join(', ')}`;
      return rpcError(call.id, 200, RPC_CODES.invalidParams, text);
    }
    if (session) {
      await this.sessions.change(session, (store) => store.setLogLevel(session.id, level));
      const upstreams = await this.upstreams.all(session);
      await Promise.all(upstreams.map((upstream) => this.upstreams.setLevel(upstream, level)));
    }
    return resultAnswer(call, {});
  }

  /** What a client sends beside requests: its answer to what it was asked, or news for upstreams. */
  async told(call: McpCall, session: McpSession, context: RequestContext): Promise<Answer> {
    if (call.kind === 'response') {
      if (await this.serverRequests.answer(call, session)) return ACCEPTED;
      context.blockReason = 'unknown_request';
      return rpcError(undefined, 400, RPC_CODES.invalidParams, 'id names no request of this session that waits');
    }
    if (PASSED_ON.has(call.method)) {
      const upstreams = await this.upstreams.all(session);
      await Promise.all(upstreams.map((upstream) => upstream.session.tell(call.bytes)));
    }
    return ACCEPTED;
  }
}
