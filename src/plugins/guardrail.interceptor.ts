import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { GuardrailChain } from './guardrail-chain.js';

/** Runs the guardrails around the forwarding controller. No guardrail, no cost. */
@Injectable()
export class GuardrailInterceptor implements NestInterceptor {
  constructor(private readonly chain: GuardrailChain) {}

  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (!this.chain.isEmpty) throw new Error('a guardrail is configured that this build can’t run');
    return next.handle();
  }
}
