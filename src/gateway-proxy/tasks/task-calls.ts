import { knowsTasks, type McpCall, RPC_CODES, TASKS_REQUIRED } from '#libs/mcp';
import type { Principal } from '#libs/policy';
import { Injectable } from '@nestjs/common';
import { type Answer, BytesAnswer } from '../../http/answer.js';
import { GuardrailInterceptor } from '../../plugins/guardrail.interceptor.js';
import { UpstreamCalls } from '../federation/upstream-calls.js';
import { rpcError } from '../gate/gate-refusal.js';
import type { GateRequest } from '../gate/gate.service.js';
import { type OpenTask, TaskAccess } from './task-access.js';
import { inTaskSession, taskCapabilityOf } from './task-offers.js';
import { type Lister, TaskList } from './task-list.js';
import { TaskRelay } from './task-relay.js';
import { Tasks } from './tasks.service.js';

/** `tasks/…` of both eras: each call is decided anew, by the tool that made the task, and goes to the task's upstream. */
@Injectable()
export class TaskCalls {
  constructor(
    private readonly tasks: Tasks,
    private readonly list: TaskList,
    private readonly access: TaskAccess,
    private readonly guardrails: GuardrailInterceptor,
    private readonly upstreams: UpstreamCalls,
  ) {}

  /** Whether the client may know the method: before 2026-07-28 only where `initialize` has said so. */
  serves({ era, method }: McpCall, { session, view }: GateRequest): boolean {
    if (!method.startsWith('tasks/')) return false;
    return era === 'modern' || (inTaskSession(session) && taskCapabilityOf(view) !== undefined);
  }

  answer(call: McpCall, at: GateRequest, principal: Principal): Answer | Promise<Answer> {
    const { context, session, view } = at;
    // What the client holds is not for others to read; the tool says what the call was about.
    context.target = undefined;
    if (call.era === 'modern' && !knowsTasks(call.clientCapabilities)) {
      context.failed = 'missing_client_capability';
      const text = `${call.method} needs the tasks extension among the client's capabilities`;
      return rpcError(call.id, 400, RPC_CODES.missingClientCapability, text, TASKS_REQUIRED);
    }
    const caller = { principal, serverId: view.id, session };
    if (call.method === 'tasks/list' && session) return this.#list(call, at, { ...caller, session });
    const found = this.access.find(call.targetName ?? '', caller, view, context);
    if (typeof found !== 'string') return this.#forward(call, found, at);
    // One answer for what was made up, has expired, is somebody else's or may not be asked for any more.
    context.blockReason = found;
    return rpcError(call.id, 200, RPC_CODES.invalidParams, 'params.taskId names no task of yours here, or no longer');
  }

  async #list(call: McpCall, at: GateRequest, lister: Lister): Promise<Answer> {
    const answer = await this.list.answer(call, at, lister);
    const guard = this.guardrails.outside(call, at);
    return guard && answer instanceof BytesAnswer ? guard.after(answer) : answer;
  }

  #forward(call: McpCall, { taskId, tool, gateway }: OpenTask, at: GateRequest): Answer | Promise<Answer> {
    const { request: given, response, context, session, takesEvents, whole } = at;
    const handle = call.targetName;
    context.target = tool.name;
    return this.guardrails.intercept(call, tool, at, async ({ call: guarded, headers }, guard) => {
      const others = session && (await this.tasks.knownIn(session, gateway.id));
      const known = (id: string): string | undefined => (id === taskId ? handle : others?.(id));
      return this.upstreams.forward({
        call: guarded,
        gateway,
        targetName: taskId,
        paramHeaders: [],
        context,
        session,
        given,
        headers,
        guard,
        response,
        takesEvents,
        whole,
        tasks: new TaskRelay(call.method, call.era, { known }),
      });
    });
  }
}
