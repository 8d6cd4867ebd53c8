import { Injectable } from '@nestjs/common';
import type { Answer } from '../../http/answer.js';
import { CallWatch } from '../forward/call-watch.js';
import { MOST_TRIES, RetryAnswer } from '../../plugins/guard/call-guard.js';
import { FaultAnswer } from '../forward/fault-answer.js';
import type { ForwardJob } from '../forward/forward-job.js';
import { AuthorizedCalls } from '../oauth/authorized-calls.js';
import { RegistrySettings } from '../../registry/registry.settings.js';
import { GateSettings } from '../gate.settings.js';
import { Circuits } from './circuits.js';
import { Retries } from './retries.js';
import { unavailable } from './unavailable.js';

/** Takes calls to upstreams that may be down: not at all while a circuit is open, more than once where that is safe. */
@Injectable()
export class UpstreamCalls {
  readonly #totalMs: number;

  constructor(
    private readonly authorized: AuthorizedCalls,
    private readonly circuits: Circuits,
    private readonly retries: Retries,
    private readonly watch: CallWatch,
    private readonly registry: RegistrySettings,
    { callMaxSeconds }: GateSettings,
  ) {
    this.#totalMs = callMaxSeconds * 1000;
  }

  async forward(job: ForwardJob): Promise<Answer> {
    const { gateway, call, context } = job;
    context.gatewayId = gateway.id;
    // Its items are not listed any more; the next health check says whether it is back.
    if (gateway.stale) return unavailable(job, this.registry.healthIntervalSeconds * 1000);
    const startedAt = performance.now();
    const totalMs = Math.min(this.#totalMs, job.leftMs ?? Infinity);
    const circuit = this.circuits.of(gateway);
    const ready = await this.authorized.ready(job);
    if (!('gateway' in ready)) return ready;
    let attempt = ready;
    for (let tries = 1; ; tries++) {
      const awayMs = circuit.enter(performance.now());
      if (awayMs > 0) return unavailable(job, awayMs);
      const given = await this.authorized.forward(attempt);
      // Where a guardrail lost its patience, that says nothing of the upstream.
      if (job.leftMs === undefined || !isTimeout(given)) this.circuits.judge(gateway, given);
      if (circuit.isOpen) return given;
      const ownMs = given instanceof FaultAnswer ? this.retries.pauseMs(tries, call.method, given) : undefined;
      // A failure that is not tried again by itself goes past the guardrails, which may want it to be.
      const isOver = ownMs === undefined && given instanceof FaultAnswer;
      const answer = isOver && job.guard ? await job.guard.after(given) : given;
      const pauseMs = ownMs ?? (answer instanceof RetryAnswer && tries < MOST_TRIES ? answer.afterMs : undefined);
      const leftMs = totalMs - (performance.now() - startedAt) - (pauseMs ?? 0);
      if (pauseMs === undefined || leftMs <= 0) return answer;
      context.failed = undefined;
      const ended = await this.watch.pause(job, pauseMs);
      if (ended) return ended;
      attempt = { ...ready, leftMs };
    }
  }
}

const isTimeout = (answer: Answer): boolean => answer instanceof FaultAnswer && answer.fault === 'upstream_timeout';
