import { Injectable } from '@nestjs/common';
import type { McpCall } from '#libs/mcp';
import type { Answer } from '../http/answer.js';
import { GuardrailChain } from './guardrail-chain.js';

/** What comes after the guardrails: the call as they left it goes to its upstream. */
export interface CallHandler {
  handle(call: McpCall): Promise<Answer>;
}

/**
 * Runs the guardrails around one decided call, on every door, also for each message of a batch. It has the shape of
 * Nest's interceptors without their Observables, which would cost a call as much as its forwarding (docs/adr/0006).
 */
@Injectable()
export class GuardrailInterceptor {
  constructor(private readonly chain: GuardrailChain) {}

  intercept(call: McpCall, next: CallHandler): Promise<Answer> {
    if (!this.chain.isEmpty) throw new Error('a guardrail is configured that this build can’t run');
    return next.handle(call);
  }
}
