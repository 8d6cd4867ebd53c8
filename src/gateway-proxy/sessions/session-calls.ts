import { isLogLevel, LOG_LEVELS, type McpCall, RPC_CODES } from '#libs/mcp';
import { Injectable } from '@nestjs/common';
import { type Answer } from '../../http/answer.js';
import type { GateRequest } from '../gate/gate.service.js';
import { rpcError } from '../gate/gate-refusal.js';
import { initializeAnswer, resultAnswer } from '../gate/opening.js';
import { McpSessionSettings } from './mcp-session.settings.js';
import { McpSessions } from './mcp-sessions.js';

/** The requests by which a client opens its session and says what it wants of it. */
@Injectable()
export class SessionCalls {
  constructor(
    private readonly sessions: McpSessions,
    private readonly settings: McpSessionSettings,
  ) {}

  /** The plain JSON-RPC door gives no session: its clients read no headers. */
  initialize(call: McpCall, { view, context: { principal }, request, whole }: GateRequest): Answer {
    const gives = this.settings.stateful && !whole && !request.path.startsWith('/rpc') && principal !== undefined;
    return initializeAnswer(call, view, gives ? this.sessions.open(call, principal, view.id) : undefined);
  }

  /** Without a session a level has nothing to hold on to; asking for it is no fault. */
  async setLevel(call: McpCall, { session, context }: GateRequest): Promise<Answer> {
    const level = call.params?.['level'];
    if (!isLogLevel(level)) {
      context.failed = 'invalid_params';
      const text = `params.level must be one of ${LOG_LEVELS.join(', ')}`;
      return rpcError(call.id, 200, RPC_CODES.invalidParams, text);
    }
    if (session) await this.sessions.change(session, (store) => store.setLogLevel(session.id, level));
    return resultAnswer(call, {});
  }
}
