import type { McpCall } from '#libs/mcp';
import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { type Answer, BytesAnswer } from '../http/answer.js';
import type { RequestContext } from '../http/request-context.js';
import type { CatalogItem } from '../registry/catalog/catalog.js';
import { PluginChains } from './chain/plugin-chains.js';
import type { TargetChain } from './chain/target-chain.js';
import { BlockedAnswer, type Door } from './guard/blocked-answer.js';
import { CALL_FORMS } from './guard/call-form.js';
import { CallGuard, type GuardedCall } from './guard/call-guard.js';
import { callFacts, tenantOf } from './guard/call-facts.js';
import type { Hook } from './hooks.js';
import { RequestState } from './plugin-context.js';
import { PluginEvents } from './events/plugin-events.js';

/** Where a call came in. */
export interface GuardedRequest {
  readonly request: Request;
  readonly context: RequestContext;
}

/** What comes after the guardrails: the call as they left it goes to its upstream, and what comes back goes past the guard. */
export type GuardedHandler = (guarded: GuardedCall, guard: CallGuard | undefined) => Answer | Promise<Answer>;

/**
 * Runs the guardrails around one decided call, on every door, also for each message of a batch. It has the shape of
 * Nest's interceptors without their Observables, which would cost a call as much as its forwarding (docs/adr/0006).
 */
@Injectable()
export class GuardrailInterceptor {
  constructor(
    private readonly chains: PluginChains,
    private readonly events: PluginEvents,
  ) {}

  /** @param target a tool for what tasks are about */
  intercept(call: McpCall, target: CatalogItem, at: GuardedRequest, handle: GuardedHandler): Answer | Promise<Answer> {
    const guard = this.guardOf(call, target, at);
    return guard ? guarded(guard, handle) : handle({ call, headers: undefined }, undefined);
  }

  /** What a client says outside of its calls, such as its answer to a question; undefined where no guardrail listens. */
  outside(call: McpCall, at: GuardedRequest): CallGuard | undefined {
    if (!this.chains.serves('stream_message')) return undefined;
    return this.#made(call, undefined, at);
  }

  /** What looks at a call of this target; undefined where no guardrail does. */
  guardOf(call: McpCall, target: CatalogItem, at: GuardedRequest): CallGuard | undefined {
    if (this.chains.isEmpty) return undefined;
    const form = CALL_FORMS.get(call.method);
    const hooks: Hook[] = ['stream_message', ...(form ? [form.post] : []), ...(form?.pre ? [form.pre] : [])];
    return this.chains.serves(...hooks) ? this.#made(call, target, at, hooks) : undefined;
  }

  #made(
    call: McpCall,
    target: CatalogItem | undefined,
    { request, context }: GuardedRequest,
    hooks: readonly Hook[] = ['stream_message'],
  ): CallGuard | undefined {
    const tenantId = tenantOf(context.principal, target);
    // A template is read under many URIs.
    const name = (target && 'template' in target ? call.targetName : target?.upstreamName) ?? call.targetName ?? '';
    const chain: TargetChain = this.chains.of(target, context.serverId, tenantId, name);
    if (!chain.has(...hooks)) return undefined;
    const facts = callFacts(context, target, tenantId);
    const hookCall = { facts, state: new RequestState(), events: this.events };
    return new CallGuard(call, chain, hookCall, {
      name,
      context,
      door: doorOf(context, request),
      headers: () => shownHeaders(request),
    });
  }
}

async function guarded(guard: CallGuard, handle: GuardedHandler): Promise<Answer> {
  const before = await guard.before();
  if (before instanceof BlockedAnswer) return before;
  const answer = before instanceof BytesAnswer ? before : await handle(before, guard);
  // Of what was streamed each message has gone past the guard.
  return answer instanceof BytesAnswer ? guard.after(answer) : answer;
}

function doorOf({ mcpDoor }: RequestContext, { url }: Request): Door {
  if (!mcpDoor) return 'rest';
  return url.startsWith('/rpc') ? 'rpc' : 'mcp';
}

/** By which callers prove who they are, and what belongs to the connection. */
const NOT_SHOWN =
  /^(authorization|proxy-.*|cookie|x-csrf-token|x-authenticated-user|connection|content-length|transfer-encoding|te|trailer|upgrade|host|keep-alive|mcp-.*|sec-.*)$/;

function shownHeaders({ headers }: Request): Readonly<Record<string, string>> {
  const shown: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (typeof value === 'string' && !NOT_SHOWN.test(name)) shown[name] = value;
  }
  return shown;
}
