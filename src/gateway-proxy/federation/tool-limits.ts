import { type McpCall, RPC_CODES } from '#libs/mcp';
import { Injectable, Optional } from '@nestjs/common';
import { BytesAnswer } from '../../http/answer.js';
import type { RequestContext } from '../../http/request-context.js';
import { rpcError } from '../gate/gate-refusal.js';
import { FederationSettings } from './federation.settings.js';
import { ToolUse } from './tool-use.js';

/** Pairs of a user and a tool that are kept at the same time, about 15 MB. */
const MOST = 100_000;
/** At most this often uses that have ended are looked for, milliseconds. */
const SWEEP_MS = 1000;

/**
 * How often one user may call one tool, and how often at the same time: TOOL_RATE_LIMIT and TOOL_CONCURRENT_LIMIT. Counted
 * by each replica for itself, since a round trip for each call would cost more than the call; anonymous callers are one
 * user. When it is full of users that are active, new ones wait: nobody's count is ever forgotten too early.
 */
@Injectable()
export class ToolLimits {
  readonly #users = new Map<string, Map<string, ToolUse>>();
  #size = 0;
  #sweptAt = -Infinity;

  constructor(
    private readonly settings: FederationSettings,
    @Optional() private readonly most: number = MOST,
  ) {}

  /** Begins a call, which has to `leave()` when it is over; or refuses it. */
  enter(call: McpCall, toolId: string, context: RequestContext, now = performance.now()): ToolUse | BytesAnswer {
    const { toolConcurrentLimit, toolRateLimit } = this.settings;
    const use = this.#use(context.principal?.subject ?? '', toolId, now);
    if (!use) return refused(call, context, TOO_MANY_USERS, 0, SWEEP_MS / 1000);
    if (use.isCrowded) return refused(call, context, TOO_MANY_AT_ONCE, toolConcurrentLimit, 1);
    const seconds = use.enter(now);
    return seconds > 0 ? refused(call, context, TOO_OFTEN, toolRateLimit, seconds) : use;
  }

  #use(user: string, toolId: string, now: number): ToolUse | undefined {
    const known = this.#users.get(user)?.get(toolId);
    if (known) return known;
    if (this.#size >= this.most) this.#sweep(now);
    if (this.#size >= this.most) return undefined;
    const use = new ToolUse(this.settings.toolRateLimit, this.settings.toolConcurrentLimit, now);
    // After the sweep, which may have taken the user out.
    const uses = this.#users.get(user) ?? new Map<string, ToolUse>();
    this.#users.set(user, uses.set(toolId, use));
    this.#size += 1;
    return use;
  }

  #sweep(now: number): void {
    if (now - this.#sweptAt < SWEEP_MS) return;
    this.#sweptAt = now;
    for (const [user, uses] of this.#users) {
      for (const [toolId, use] of uses) if (use.isIdle(now) && uses.delete(toolId)) this.#size -= 1;
      if (uses.size === 0) this.#users.delete(user);
    }
  }
}

interface Refusal {
  readonly reason: string;
  readonly text: (limit: number) => string;
}

const TOO_OFTEN: Refusal = {
  reason: 'tool_rate_limit',
  text: (limit) => `Rate limit exceeded: one user may call one tool ${limit} times a minute (TOOL_RATE_LIMIT)`,
};
const TOO_MANY_AT_ONCE: Refusal = {
  reason: 'tool_concurrent_limit',
  text: (limit) => `Rate limit exceeded: one user may have ${limit} calls of one tool running (TOOL_CONCURRENT_LIMIT)`,
};
const TOO_MANY_USERS: Refusal = {
  reason: 'tool_limits_full',
  text: () => 'Rate limit exceeded: more users and tools are active than the gateway can count',
};

function refused(
  { id }: McpCall,
  context: RequestContext,
  { reason, text }: Refusal,
  limit: number,
  seconds: number,
): BytesAnswer {
  context.blockReason = reason;
  const retryAfter = Math.ceil(seconds);
  const data = { reason, limit, retryAfter };
  const { status, body } = rpcError(id, 429, RPC_CODES.internalError, text(limit), data);
  return new BytesAnswer(status, body, { 'Retry-After': String(retryAfter) });
}
