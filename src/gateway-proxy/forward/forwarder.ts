import {
  type ClientIdentity,
  frameOf,
  type IncomingFrame,
  legacyHeaders,
  legacyStreamHeaders,
  type McpCall,
  modernHeaders,
  outgoingMessage,
  type OutgoingShape,
  type ParamHeader,
  rawId,
  REQUEST_METHODS,
  type SessionLease,
  UpstreamError,
  type UpstreamTarget,
} from '#libs/mcp';
import { Egress } from '#libs/egress';
import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { Answer } from '../../http/answer.js';
import type { RequestContext } from '../../http/request-context.js';
import type { CatalogGateway } from '../../registry/catalog/catalog.js';
import { GATE_IDENTITY } from '../../config/gate-identity.js';
import { GateSettings } from '../gate.settings.js';
import { AnswerAssembler, type AssemblyPlan, SESSION_GONE } from './answer-assembler.js';
import type { ExchangeFault } from './exchange-fault.js';
import { FaultAnswer, type FaultFacts } from './fault-answer.js';
import { InputRounds } from '../bridge/input-rounds.js';
import { McpSessions } from '../sessions/mcp-sessions.js';
import { EventLog } from '../resumption/event-log.js';
import { EventRecorder } from '../resumption/event-recorder.js';
import { CallWatch } from './call-watch.js';
import { ResumingExchange, type Route } from './resuming-exchange.js';
import { UpstreamSessions } from './upstream-sessions.js';
import type { McpSession } from '../sessions/mcp-session.js';
import { ServerRequests } from '../sessions/server-requests.js';
import { type SessionUpstream, SessionUpstreams } from '../sessions/session-upstreams.js';
import { type GivenHeaders, targetOfCall } from './target-of-call.js';
import { attemptFault } from './attempt-fault.js';

/** One request on its way up. */
export interface ForwardJob {
  readonly call: McpCall;
  readonly gateway: CatalogGateway;
  /** The name or URI by which the upstream knows the target. */
  readonly targetName: string | undefined;
  readonly paramHeaders: readonly ParamHeader[];
  readonly context: RequestContext;
  /** The session of a client that opened one. */
  readonly session: McpSession | undefined;
  /** The request headers of the caller, of which the gateway may pass some on. */
  readonly given: GivenHeaders;
  readonly response: Response;
  readonly takesEvents: boolean;
  /** The answer must be one body: it becomes an element of a batch. */
  readonly whole: boolean;
  /** What is left of MCP_CALL_MAX_SECONDS where the call was tried before, milliseconds. */
  readonly leftMs?: number;
}

interface Attempt {
  readonly target: UpstreamTarget;
  readonly body: Buffer;
  readonly headers: Record<string, string>;
  readonly upstreamId: string | number;
  readonly lease: SessionLease | undefined;
  /** The client's own session at the upstream: it may be asked there. */
  readonly own: SessionUpstream | undefined;
}

const NOTHING = (): void => undefined;

/** Takes a decided call to its upstream and back. */
@Injectable()
export class Forwarder {
  readonly #identity: ClientIdentity = GATE_IDENTITY;
  readonly #routes = new WeakMap<CatalogGateway, Route>();

  constructor(
    private readonly egress: Egress,
    private readonly sessions: UpstreamSessions,
    private readonly ownSessions: SessionUpstreams,
    private readonly serverRequests: ServerRequests,
    private readonly watch: CallWatch,
    private readonly log: EventLog,
    private readonly mcpSessions: McpSessions,
    private readonly rounds: InputRounds,
    private readonly settings: GateSettings,
  ) {}

  async forward(job: ForwardJob): Promise<Answer> {
    const first = await this.#attempt(job);
    if (first !== SESSION_GONE) return first;
    const second = await this.#attempt(job);
    return second === SESSION_GONE ? failed(job, 'upstream_failed', { status: 404 }) : second;
  }

  async #attempt(job: ForwardJob): Promise<Answer | typeof SESSION_GONE> {
    const { gateway } = job;
    let route: Route;
    let attempt: Attempt;
    try {
      route = this.#route(gateway);
      attempt =
        gateway.discovery.era === 'modern'
          ? this.#modern(job, job.call.era === 'legacy' ? await this.#declared(job) : {})
          : await this.#legacy(job);
    } catch (error) {
      const status = error instanceof UpstreamError ? error.httpStatus : undefined;
      return failed(job, attemptFault(error), { unsent: true, status });
    }
    const assembler = new AnswerAssembler(this.#plan(job, attempt), (frame) => this.#asked(frame, job, attempt));
    const { lease, target } = attempt;
    const resumeHeaders =
      lease?.session.id === undefined ? undefined : legacyStreamHeaders(target, lease.session.handshake);
    const exchange = new ResumingExchange(assembler, this.#limits(job), route, resumeHeaders);
    let stopWatching: (() => void) | undefined;
    exchange.onOver = (givenUp) => {
      stopWatching?.();
      lease?.release();
      if (givenUp !== undefined && lease) this.#tellCancelled(attempt, lease);
    };
    stopWatching = this.watch.begin(job, (fault) => exchange.cancel(fault));
    // The client may have left while the session was opened; then nothing is sent at all.
    if (exchange.over) stopWatching();
    const { session, call, takesEvents, whole } = job;
    const { headers, body } = attempt;
    if (session && call.era === 'legacy' && !lease && takesEvents && !whole) {
      this.rounds.serve({ session, assembler, exchange, headers, body });
    }
    exchange.post(headers, body);
    const answer = await assembler.answer;
    if (answer === SESSION_GONE) await this.#forget(job, attempt);
    return answer;
  }

  #modern(job: ForwardJob, declared: Partial<OutgoingShape>): Attempt {
    const { call, gateway, targetName, paramHeaders } = job;
    const target = targetOfCall(gateway, job.given);
    const { revision } = gateway.discovery;
    const id = call.id ?? 0;
    const body = outgoingMessage(call, {
      era: 'modern',
      revision,
      id: undefined,
      targetName,
      identity: this.#identity,
      ...declared,
    });
    const headers = modernHeaders(target, revision, {
      method: call.method,
      targetName: REQUEST_METHODS.get(call.method)?.target === undefined ? undefined : targetName,
      args: call.params?.['arguments'],
      paramHeaders,
    });
    return { target, body, headers, upstreamId: id, lease: undefined, own: undefined };
  }

  /** What a client in a session can be asked, and which log messages it gets; without events it can't be reached. */
  async #declared({ session, takesEvents, whole }: ForwardJob): Promise<Partial<OutgoingShape>> {
    if (!session || !takesEvents || whole) return {};
    // The level alone is not worth a failed call.
    const state = await this.mcpSessions.state(session).catch(() => undefined);
    return { capabilities: session.capabilities, logLevel: state?.logLevel ?? 'info' };
  }

  async #legacy(job: ForwardJob): Promise<Attempt> {
    const { call, gateway, targetName } = job;
    const target = targetOfCall(gateway, job.given);
    const own = job.session && (await this.ownSessions.acquire(job.session, target));
    // Sessions of one upstream are never shared between principals.
    const lease = own
      ? { session: own.session, release: NOTHING }
      : await this.sessions.acquire(job.context.principal?.subject ?? '', target);
    const { session } = lease;
    // Where several clients share the session, the id has to be ours.
    const id = own ? undefined : session.nextId();
    const body = outgoingMessage(call, {
      era: 'legacy',
      revision: session.revision,
      id,
      targetName,
      identity: this.#identity,
    });
    const headers = legacyHeaders(target, session.handshake);
    return { target, body, headers, upstreamId: id ?? call.id ?? 0, lease, own };
  }

  #plan(
    { call, gateway, context, session, takesEvents, whole }: ForwardJob,
    { upstreamId, lease }: Attempt,
  ): AssemblyPlan {
    const from = gateway.discovery.era;
    const cacheable = REQUEST_METHODS.get(call.method)?.cacheable ?? false;
    return {
      id: call.id ?? 0,
      shape: { upstreamId, rawId: rawId(call), from, to: call.era, cacheable },
      context,
      takesEvents: takesEvents && !whole,
      logLevel: call.logLevel,
      // Elsewhere the id or the result has to be changed.
      mayStream: from === 'modern' && call.era === 'modern' && !cacheable && !whole,
      inSession: lease?.session.id !== undefined,
      recorder: session && new EventRecorder(this.log, session.id, primes(session)),
      maxEventBytes: this.settings.maxResponseBytes,
    };
  }

  #tellCancelled({ target, upstreamId }: Attempt, lease: SessionLease): void {
    const params = { requestId: upstreamId, reason: 'Nobody waits for the answer any more' };
    this.#notify(target, lease, JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params }));
  }

  async #forget({ session }: ForwardJob, { lease, own }: Attempt): Promise<void> {
    if (session && own) await this.ownSessions.lost(session, own);
    else if (lease) this.sessions.invalidate(lease.session);
  }

  /** What the client can't be asked must not wait for ever. */
  #asked(frame: IncomingFrame, { session, takesEvents, whole }: ForwardJob, attempt: Attempt): Buffer | undefined {
    const { own } = attempt;
    const asks = session && own && takesEvents && !whole;
    const relayed = asks ? this.serverRequests.relayed(frame, session, own) : undefined;
    if (!relayed) this.#decline(frame, attempt);
    return relayed;
  }

  #decline(frame: IncomingFrame, { target, lease }: Attempt): void {
    const { id } = frame.scan;
    if (!lease || !id) return;
    const raw = frame.bytes.toString('utf8', id.start, id.end);
    const error = { code: -32601, message: 'Method not found' };
    const answer = isPing(frame) ? '"result":{}' : `"error":${JSON.stringify(error)}`;
    this.#notify(target, lease, `{"jsonrpc":"2.0","id":${raw},${answer}}`);
  }

  #notify(target: UpstreamTarget, { session }: SessionLease, body: string): void {
    const headers = legacyHeaders(target, session.handshake);
    const limits = { timeoutMs: 5000, maxBytes: 65_536 };
    // Best effort: the upstream may have gone.
    this.egress.request(target.url, { method: 'POST', headers, body, ...limits }).catch(() => undefined);
  }

  #route(gateway: CatalogGateway): Route {
    const known = this.#routes.get(gateway);
    if (known) return known;
    const { url } = gateway.target;
    const route = {
      dispatcher: this.egress.dispatcher(url, 'calls'),
      origin: url.origin,
      path: url.pathname + url.search,
    };
    this.#routes.set(gateway, route);
    return route;
  }

  #limits({ leftMs = this.settings.callMaxSeconds * 1000 }: ForwardJob) {
    const { toolTimeoutSeconds, maxResponseBytes } = this.settings;
    return { idleMs: toolTimeoutSeconds * 1000, totalMs: leftMs, maxBytes: maxResponseBytes };
  }
}

function failed({ call, context }: ForwardJob, fault: ExchangeFault, facts: FaultFacts): Answer {
  context.failed = fault;
  return new FaultAnswer(call.id, fault, facts);
}

function isPing({ bytes, scan }: NonNullable<ReturnType<typeof frameOf>>): boolean {
  return scan.method !== undefined && bytes.toString('utf8', scan.method.start, scan.method.end) === '"ping"';
}

/** Before 2025-11-25 an event without a message may confuse a client. */
const primes = ({ revision }: McpSession): boolean => revision === '2025-11-25';
