import type { IncomingHttpHeaders } from 'node:http';
import type { LegacySession } from '#libs/mcp';
import type { Dispatcher } from 'undici';
import { AnswerAssembler, type AssemblyPlan } from './answer-assembler.js';
import type { ExchangeFault } from './exchange-fault.js';
import {
  type ExchangeControl,
  type ExchangeLimits,
  type ExchangeReceiver,
  UpstreamExchange,
} from './upstream-exchange.js';

/** Connections in a row that bring nothing new. */
const FRUITLESS = 10;
const LEAST_WAIT_MS = 10;
const MOST_WAIT_MS = 30_000;
/** What a lost connection looks like, unlike an upstream that refuses or takes too long. */
const LOST: ReadonlySet<ExchangeFault> = new Set(['upstream_closed', 'upstream_unreachable']);

export interface Route {
  readonly dispatcher: Dispatcher;
  readonly origin: string;
  readonly path: string;
}

/**
 * One call to an upstream, over as many connections as it takes: where a legacy upstream numbers its events, a stream that
 * ends before the answer is opened anew from the last one (2025-11-25, Streamable HTTP, "Resumability and Redelivery").
 */
export class ResumingExchange implements ExchangeReceiver, ExchangeControl {
  /** Called once, when nothing more comes; with the fault if the gate gave up on a call that the upstream may still run. */
  onOver: (givenUp: ExchangeFault | undefined) => void = () => undefined;
  readonly assembler: AnswerAssembler;
  readonly #deadline: number;
  #exchange: UpstreamExchange | undefined;
  #givenUp: ExchangeFault | undefined;
  #timer: NodeJS.Timeout | undefined;
  #resumedFrom: string | undefined;
  #fruitless = 0;
  #over = false;
  #ended: AbortController | undefined;

  /** @param session in which the upstream's stream can be taken up again */
  constructor(
    plan: AssemblyPlan,
    private readonly limits: ExchangeLimits,
    private readonly route: Route,
    private readonly session: LegacySession | undefined,
  ) {
    this.assembler = new AnswerAssembler(plan, this);
    this.#deadline = performance.now() + limits.totalMs;
  }

  get over(): boolean {
    return this.#over;
  }

  /** Until the call's time is over, milliseconds. */
  get leftMs(): number {
    return Math.max(0, this.#deadline - performance.now());
  }

  /** Aborted when the call is over, or its time is. */
  ended(): AbortSignal {
    this.#ended ??= new AbortController();
    if (this.#over) this.#ended.abort();
    return AbortSignal.any([this.#ended.signal, AbortSignal.timeout(Math.ceil(this.leftMs))]);
  }

  /** The call goes up once more, after the upstream has asked and the client has answered. */
  again(upstreamId: string, headers: Record<string, string>, body: Buffer): void {
    if (this.#over) return;
    // What the upstream has yet to say over the connection on which it asked is not heard any more.
    this.#exchange?.cancel('cancelled');
    this.assembler.again(upstreamId);
    this.post(headers, body);
  }

  post(headers: Record<string, string>, body: Buffer): void {
    this.#dispatch({ method: 'POST', headers, body });
  }

  cancel(fault: ExchangeFault): void {
    if (this.#over) return;
    const { asking } = this.assembler;
    if (this.#timer === undefined && this.#exchange && !asking) this.#exchange.cancel(fault);
    else {
      this.#givenUp = this.#exchange && !asking ? fault : undefined;
      this.#fail(fault, !this.#exchange);
      this.#exchange?.cancel(fault);
    }
  }

  waitForClient(): void {
    this.#exchange?.waitForClient();
  }

  pause(): void {
    this.#exchange?.pause();
  }

  resume(): void {
    this.#exchange?.resume();
  }

  answered(): void {
    this.#exchange?.answered();
  }

  start(status: number, headers: IncomingHttpHeaders): void {
    const streams = status === 200 && (headers['content-type'] ?? '').startsWith('text/event-stream');
    if (this.#resumedFrom === undefined || streams) this.assembler.start(status, headers);
    else this.#exchange?.cancel('upstream_closed');
  }

  chunk(bytes: Buffer): void {
    this.assembler.chunk(bytes);
  }

  end(): void {
    if (this.#over || this.#resumes()) return;
    this.assembler.end();
    if (!this.assembler.asking) this.#finish();
  }

  fail(fault: ExchangeFault, unsent: boolean): void {
    // The connection over which the upstream asked is of no use any more.
    if (this.#over || this.assembler.asking) return;
    if (this.#givenUp === undefined && LOST.has(fault) && this.#resumes()) return;
    this.#fail(fault, unsent && this.#resumedFrom === undefined);
  }

  #fail(fault: ExchangeFault, unsent: boolean): void {
    this.assembler.fail(fault, unsent);
    this.#finish();
  }

  #resumes(): boolean {
    const from = this.assembler.resumableFrom;
    if (this.#over || this.session?.id === undefined || !from) return false;
    this.#fruitless = from.lastEventId === this.#resumedFrom ? this.#fruitless + 1 : 0;
    const waitMs = Math.min(Math.max(from.retryMs, LEAST_WAIT_MS), MOST_WAIT_MS);
    if (this.#fruitless >= FRUITLESS || performance.now() + waitMs >= this.#deadline) return false;
    this.#resumedFrom = from.lastEventId;
    this.assembler.interrupted();
    const { session } = this;
    const asked = { accept: 'text/event-stream', 'last-event-id': from.lastEventId };
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      session.streamHeaders().then(
        (headers) => this.#dispatch({ method: 'GET', headers: { ...headers, ...asked }, body: null }),
        () => this.cancel('upstream_failed'),
      );
    }, waitMs);
    return true;
  }

  #dispatch(options: Pick<Dispatcher.DispatchOptions, 'method' | 'headers' | 'body'>): void {
    if (this.#over) return;
    const { dispatcher, origin, path } = this.route;
    const exchange = new UpstreamExchange(this, { ...this.limits, totalMs: this.#deadline - performance.now() });
    exchange.onOver = (givenUp) => (this.#givenUp = givenUp);
    this.#exchange = exchange;
    exchange.dispatch(dispatcher, { origin, path, ...options });
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#ended?.abort();
    this.onOver(this.#givenUp);
  }
}
