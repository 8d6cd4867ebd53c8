import type { McpCall } from '#libs/mcp';
import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { setTimeout as pause } from 'node:timers/promises';
import type { RequestContext } from '../../http/request-context.js';
import { CallsInFlight } from './calls-in-flight.js';
import { type ExchangeFault, noteFault } from './exchange-fault.js';
import { FaultAnswer } from './fault-answer.js';
import { onLeave } from './on-leave.js';
import { OpenCalls } from './open-calls.js';

/** What a call that waits is waiting in. */
export interface WatchedCall {
  readonly call: McpCall;
  readonly context: RequestContext;
  readonly response: Response;
}

/** What may end a call before its time: its credential does, a modern client leaves, a legacy one says so. */
@Injectable()
export class CallWatch {
  constructor(
    private readonly inFlight: CallsInFlight,
    private readonly openCalls: OpenCalls,
  ) {}

  /** @param end may be called at once, and more than once. Returns how to stop watching. */
  begin({ call, context, response }: WatchedCall, end: (fault: ExchangeFault) => void): () => void {
    const cancel = (): void => end('cancelled');
    const forget = call.era === 'modern' ? onLeave(response, cancel) : this.inFlight.add(context, call, cancel);
    if (call.era === 'modern' && response.destroyed) cancel();
    const close = this.openCalls.add(context, end);
    return () => {
      forget();
      close();
    };
  }

  /** Waits before a call is made again. Returns what answers it if it ended meanwhile. */
  async pause(at: WatchedCall, ms: number): Promise<FaultAnswer | undefined> {
    const giveUp = new AbortController();
    let ended: ExchangeFault | undefined;
    const forget = this.begin(at, (fault) => {
      ended ??= fault;
      giveUp.abort();
    });
    await pause(ms, undefined, { signal: giveUp.signal }).catch(() => undefined);
    forget();
    if (!ended) return undefined;
    noteFault(at.context, ended);
    return new FaultAnswer(at.call.id, ended);
  }
}
