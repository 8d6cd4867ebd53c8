import { type McpCall, RPC_CODES } from '#libs/mcp';
import type { Principal } from '#libs/policy';
import { Injectable } from '@nestjs/common';
import type { BytesAnswer } from '../../http/answer.js';
import type { GateRequest } from '../gate/gate.service.js';
import { rpcError } from '../gate/gate-refusal.js';
import { resultAnswer } from '../gate/opening.js';
import { McpSessionSettings } from '../sessions/mcp-session.settings.js';
import { McpSessions } from '../sessions/mcp-sessions.js';
import { ResourceUpdates } from './resource-updates.js';

/** `resources/subscribe` and `resources/unsubscribe` of the revisions with sessions, which keep what was asked for. */
@Injectable()
export class SubscribeCalls {
  constructor(
    private readonly sessions: McpSessions,
    private readonly updates: ResourceUpdates,
    private readonly settings: McpSessionSettings,
  ) {}

  /** To a resource that the caller may read. */
  async subscribe(call: McpCall, { session, view, context }: GateRequest, principal: Principal): Promise<BytesAnswer> {
    const uri = call.targetName ?? '';
    if (!session) return refused(call, context, RPC_CODES.invalidRequest, NO_SESSION);
    if (!this.updates.offers({ principal, serverId: view.id, context }, uri)) {
      return refused(call, context, RPC_CODES.invalidParams, 'params.uri: nobody tells of updates of this resource');
    }
    const { maxSubscriptions } = this.settings;
    const kept = await this.sessions.change(session, (store) => store.subscribe(session.id, uri, maxSubscriptions));
    if (kept) return resultAnswer(call, {});
    const text = `params.uri: the session has its ${maxSubscriptions} subscriptions (MCP_SESSION_MAX_SUBSCRIPTIONS)`;
    return refused(call, context, RPC_CODES.invalidParams, text);
  }

  async unsubscribe(call: McpCall, { session, context }: GateRequest): Promise<BytesAnswer> {
    const uri = call.targetName ?? '';
    if (!session) return refused(call, context, RPC_CODES.invalidRequest, NO_SESSION);
    await this.sessions.change(session, (store) => store.unsubscribe(session.id, uri));
    return resultAnswer(call, {});
  }
}

const NO_SESSION = 'subscriptions need a session: Mcp-Session-Id, as initialize gives it at an MCP endpoint';

function refused(call: McpCall, context: GateRequest['context'], code: number, text: string): BytesAnswer {
  context.failed = code === RPC_CODES.invalidParams ? 'invalid_params' : 'invalid_request';
  return rpcError(call.id, 200, code, text);
}
