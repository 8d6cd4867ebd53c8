import type { McpCall } from '#libs/mcp';
import { Injectable } from '@nestjs/common';
import { type Answer, BytesAnswer } from '../../http/answer.js';
import { type CallGuard, MOST_TRIES, RetryAnswer } from '../../plugins/guard/call-guard.js';
import { GuardrailInterceptor } from '../../plugins/guardrail.interceptor.js';
import type { CatalogItem } from '../../registry/catalog/catalog.js';
import { ToolLimits } from '../federation/tool-limits.js';
import { ToolUse } from '../federation/tool-use.js';
import { UpstreamCalls } from '../federation/upstream-calls.js';
import { StreamedAnswer } from '../forward/streamed-answer.js';
import { CallWatch } from '../forward/call-watch.js';
import { KeptAnswers, type KeptRequest } from '../kept/kept-answers.js';
import { Tasks } from '../tasks/tasks.service.js';
import { completionRef } from './completion-ref.js';
import type { GateRequest } from './gate.service.js';
import { upstreamNameOf } from './targets.js';

/** Takes a call that the caller may make through the guardrails to who answers it: its upstream, or the gateway itself. */
@Injectable()
export class DecidedCalls {
  constructor(
    private readonly limits: ToolLimits,
    private readonly guardrails: GuardrailInterceptor,
    private readonly kept: KeptAnswers,
    private readonly upstreams: UpstreamCalls,
    private readonly tasks: Tasks,
    private readonly watch: CallWatch,
  ) {}

  async answer(call: McpCall, target: CatalogItem, at: Omit<GateRequest, 'view'>): Promise<Answer> {
    if (call.method !== 'tools/call') return this.#answer(call, target, at);
    const use = this.limits.enter(call, target.id, at.context);
    if (!(use instanceof ToolUse)) return use;
    let answer: Answer | undefined;
    try {
      answer = await this.#answer(call, target, at);
      return answer;
    } finally {
      if (answer instanceof StreamedAnswer) answer.whenOver(() => use.leave());
      else use.leave();
    }
  }

  #answer(call: McpCall, target: CatalogItem, at: Omit<GateRequest, 'view'>): Answer | Promise<Answer> {
    const { request, response, context, session, takesEvents, whole } = at;
    return this.guardrails.intercept(call, target, at, async ({ call: guarded, headers, deadlineMs }, guard) => {
      const { gateway } = target;
      if (!gateway) return this.#kept(guarded, target, { context, response, headers, deadlineMs }, guard);
      const ofCall = this.tasks.ofCall(guarded, target, at);
      const { call: sent, relay } = ofCall instanceof Promise ? await ofCall : ofCall;
      return this.upstreams.forward({
        call: sent.method === 'completion/complete' ? completionRef(sent, target.upstreamName) : sent,
        gateway,
        targetName: upstreamNameOf(target, guarded),
        paramHeaders: target.paramHeaders,
        context,
        session,
        given: request,
        headers,
        guard,
        response,
        takesEvents,
        whole,
        tasks: relay,
        leftMs: deadlineMs,
      });
    });
  }

  /** What the gateway answers itself; once more where a guardrail wants that, in the time that they give the call. */
  async #kept(call: McpCall, target: CatalogItem, request: KeptRequest, guard: CallGuard | undefined): Promise<Answer> {
    const startedAt = performance.now();
    let deadlineMs = request.deadlineMs;
    for (let tries = 1; ; tries++) {
      const given = await this.kept.answer(call, target, { ...request, deadlineMs });
      const answer = guard && given instanceof BytesAnswer ? await guard.after(given) : given;
      if (!(answer instanceof RetryAnswer) || tries >= MOST_TRIES) return answer;
      if (request.deadlineMs !== undefined)
        deadlineMs = Math.floor(request.deadlineMs - (performance.now() - startedAt) - answer.afterMs);
      if (deadlineMs !== undefined && deadlineMs < 1) return answer;
      request.context.failed = undefined;
      const ended = await this.watch.pause({ call, ...request }, answer.afterMs);
      if (ended) return ended;
    }
  }
}
