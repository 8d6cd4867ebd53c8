import { Egress } from '#libs/egress';
import { type IncomingFrame, rawId, REQUEST_METHODS, UpstreamError } from '#libs/mcp';
import { Injectable } from '@nestjs/common';
import type { Answer } from '../../http/answer.js';
import type { CatalogGateway } from '../../registry/catalog/catalog.js';
import { ReferenceWatch } from '../../registry/catalog/reference-watch.js';
import { InputRounds } from '../bridge/input-rounds.js';
import type { ParkedCall } from '../bridge/parked-call.js';
import { ParkedCalls } from '../bridge/parked-calls.js';
import { RequestStates } from '../bridge/request-states.js';
import { GateSettings } from '../gate.settings.js';
import { EventLog } from '../resumption/event-log.js';
import { EventRecorder } from '../resumption/event-recorder.js';
import type { McpSession } from '../sessions/mcp-session.js';
import { ServerRequests } from '../sessions/server-requests.js';
import type { AssemblyPlan } from './answer-assembler.js';
import { attemptFault } from './attempt-fault.js';
import { type Attempt, Attempts } from './attempts.js';
import { CallWatch } from './call-watch.js';
import { SESSION_GONE } from './client-reply.js';
import type { ExchangeFault } from './exchange-fault.js';
import { FaultAnswer, type FaultFacts } from './fault-answer.js';
import type { ForwardJob } from './forward-job.js';
import { ResumingExchange, type Route } from './resuming-exchange.js';
import { SideStreams } from './side-streams.js';

/** Takes a decided call to its upstream and back. */
@Injectable()
export class Forwarder {
  readonly #routes = new WeakMap<CatalogGateway, Route>();

  constructor(
    private readonly egress: Egress,
    private readonly attempts: Attempts,
    private readonly serverRequests: ServerRequests,
    private readonly parked: ParkedCalls,
    private readonly states: RequestStates,
    private readonly rounds: InputRounds,
    private readonly sideStreams: SideStreams,
    private readonly watch: CallWatch,
    private readonly references: ReferenceWatch,
    private readonly log: EventLog,
    private readonly settings: GateSettings,
  ) {}

  async forward(job: ForwardJob): Promise<Answer> {
    const taken = this.parked.takeUp(job);
    if (!('gateway' in taken)) return taken;
    const first = await this.#attempt(taken);
    if (first !== SESSION_GONE) return first;
    const second = await this.#attempt(taken);
    return second === SESSION_GONE ? failed(job, 'upstream_failed', { status: 404 }) : second;
  }

  async #attempt(job: ForwardJob): Promise<Answer | typeof SESSION_GONE> {
    let route: Route;
    let attempt: Attempt;
    try {
      route = this.#route(job.gateway);
      const prepared = this.attempts.prepare(job);
      attempt = prepared instanceof Promise ? await prepared : prepared;
    } catch (error) {
      const { httpStatus: status, challenge } = error instanceof UpstreamError ? error : {};
      if (status === 401) this.references.refused(job.gateway.id);
      return failed(job, attemptFault(error), { unsent: true, status, challenge });
    }
    const { lease, headers, body } = attempt;
    const exchange = new ResumingExchange(this.#plan(job, attempt), this.#limits(job), route, lease?.session);
    let stopWatching: (() => void) | undefined;
    let stopListening: (() => void) | undefined;
    exchange.onOver = (givenUp) => {
      stopWatching?.();
      stopListening?.();
      lease?.release();
      if (givenUp !== undefined && lease) tellCancelled(attempt);
    };
    stopWatching = this.watch.begin(job, (fault) => exchange.cancel(fault));
    // The client may have left while the session was opened; then nothing is sent at all.
    if (exchange.over) stopWatching();
    this.#hear(job, attempt, exchange, stopWatching);
    if (attempt.asks && lease) {
      const { onSideRequest } = exchange.assembler;
      stopListening = await this.sideStreams.join(lease.session, attempt.own === undefined, onSideRequest);
      if (exchange.over) stopListening();
    }
    exchange.post(headers, body);
    const answer = await exchange.assembler.answer;
    if (answer === SESSION_GONE) await this.attempts.forget(job, attempt);
    // The secret that was sent may be another by now.
    else if (answer instanceof FaultAnswer && answer.facts.status === 401) this.references.refused(job.gateway.id);
    return answer;
  }

  /** What the upstream asks before it answers goes to the client in the way that the client knows. */
  #hear(job: ForwardJob, attempt: Attempt, exchange: ResumingExchange, stopWatching: () => void): void {
    const { call, session, takesEvents, tasks } = job;
    const { lease, own, headers, body } = attempt;
    const { assembler } = exchange;
    if (!lease) {
      if (session && call.era === 'legacy' && takesEvents) this.rounds.serve({ session, exchange, headers, body });
      return;
    }
    let parked: ParkedCall | undefined;
    if (call.era === 'modern') assembler.onUrlRequired = (message) => this.parked.toUrl(message, job);
    assembler.onSideRequest = (frame) => {
      const relayed = session && own && takesEvents ? this.serverRequests.relayed(frame, session, own) : undefined;
      if (relayed) {
        assembler.ask(tasks?.message(relayed) ?? relayed, () => decline(frame, attempt));
        exchange.waitForClient();
        return;
      }
      parked ??= this.parked.begin(job, lease.session, exchange, stopWatching);
      // What the client can't be asked must not wait for ever.
      if (!parked?.ask(frame)) decline(frame, attempt);
    };
  }

  #plan(job: ForwardJob, { upstreamId, lease }: Attempt): AssemblyPlan {
    const { call, gateway, context, session, takesEvents, whole, tasks, guard } = job;
    const from = gateway.discovery.era;
    const cacheable = REQUEST_METHODS.get(call.method)?.cacheable ?? false;
    return {
      id: call.id ?? 0,
      shape: { upstreamId, rawId: rawId(call), from, to: call.era, cacheable, mayBeTask: tasks !== undefined },
      tasks,
      context,
      takesEvents,
      logLevel: call.logLevel,
      // Elsewhere the id or the result has to be changed.
      mayStream: from === 'modern' && call.era === 'modern' && !cacheable && !whole && !tasks && !guard,
      inSession: lease?.session.id !== undefined,
      recorder: session && !session.sse ? new EventRecorder(this.log, session.id, primes(session)) : undefined,
      guard,
      sealInput: lease || call.era === 'legacy' ? undefined : (answer) => this.states.sealed(answer, job),
      maxEventBytes: this.settings.maxResponseBytes,
    };
  }

  #route(gateway: CatalogGateway): Route {
    const known = this.#routes.get(gateway);
    if (known) return known;
    const { target } = gateway;
    const { url } = target;
    const route = {
      dispatcher: this.egress.dispatcher(target, 'calls'),
      origin: url.origin,
      path: url.pathname + url.search,
    };
    this.#routes.set(gateway, route);
    return route;
  }

  #limits({ call, leftMs = this.settings.callMaxSeconds * 1000 }: ForwardJob) {
    const { toolTimeoutSeconds, maxResponseBytes } = this.settings;
    // It is silent for as long as the task takes (2025-11-25).
    const idleMs = call.method === 'tasks/result' ? leftMs : toolTimeoutSeconds * 1000;
    return { idleMs, totalMs: leftMs, maxBytes: maxResponseBytes };
  }
}

function failed({ call, context }: ForwardJob, fault: ExchangeFault, facts: FaultFacts): Answer {
  context.failed = fault;
  return new FaultAnswer(call.id, fault, facts);
}

function tellCancelled({ lease, upstreamId }: Attempt): void {
  const params = { requestId: upstreamId, reason: 'Nobody waits for the answer any more' };
  void lease?.session.tell(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params }));
}

function decline({ bytes, scan: { id, method } }: IncomingFrame, { lease }: Attempt): void {
  if (!id || !method) return;
  const asked: unknown = JSON.parse(bytes.toString('utf8', method.start, method.end));
  void lease?.session.reply(bytes.toString('utf8', id.start, id.end), asked);
}

/** Before 2025-11-25 an event without a message may confuse a client. */
const primes = ({ revision }: McpSession): boolean => revision === '2025-11-25';
