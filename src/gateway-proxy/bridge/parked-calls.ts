import {
  CAN_ASK,
  frameOf,
  inputRequiredAnswer,
  isJsonObject,
  type LegacySession,
  mayBeAsked,
  rawId,
  relayedCapabilities,
  RPC_CODES,
  splice,
  urlRequests,
} from '#libs/mcp';
import { Injectable } from '@nestjs/common';
import { type Answer, BytesAnswer } from '../../http/answer.js';
import { Drain } from '../../http/drain.js';
import { CallWatch } from '../forward/call-watch.js';
import { type ExchangeFault, noteFault } from '../forward/exchange-fault.js';
import { FaultAnswer } from '../forward/fault-answer.js';
import type { ForwardJob } from '../forward/forward-job.js';
import type { ResumingExchange } from '../forward/resuming-exchange.js';
import { rpcError } from '../gate/gate-refusal.js';
import { GateSettings } from '../gate.settings.js';
import { Mail, OF_CLIENT_MS } from './mail.js';
import { ADDRESS, type Letter, ParkedCall } from './parked-call.js';
import { RequestStates } from './request-states.js';

/** How long answers lie in the mailbox until it is clear that nobody waits for them, milliseconds. */
const UNCLAIMED_MS = 5000;

/**
 * Calls of clients of 2026-07-28 that wait, at this replica, for answers to what an older upstream asked; and the clients
 * that bring those answers, to any replica.
 */
@Injectable()
export class ParkedCalls {
  readonly #open = new Map<ResumingExchange, string>();

  constructor(
    private readonly mail: Mail,
    private readonly states: RequestStates,
    private readonly watch: CallWatch,
    private readonly settings: GateSettings,
    drain: Drain,
  ) {
    drain.onBegin(() => {
      for (const exchange of this.#open.keys()) exchange.cancel('cancelled');
    });
  }

  /** Undefined where there is nobody who could be asked, or too many calls wait already. */
  begin(
    job: ForwardJob,
    session: LegacySession,
    exchange: ResumingExchange,
    stopWatching: () => void,
  ): ParkedCall | undefined {
    const { call, context } = job;
    if (call.era !== 'modern' || !CAN_ASK.has(call.method)) return undefined;
    const until = Date.now() + exchange.leftMs;
    return new ParkedCall({
      job,
      session,
      exchange,
      mail: this.mail,
      admit: () => this.#admit(context.principal?.subject ?? ''),
      onParked: () => {
        stopWatching();
        this.#hold(job, exchange);
      },
      stateOf: (parked, round) => this.states.mint({ of: 'parked', call: parked, round }, job, until),
    });
  }

  /** What the client is answered when the upstream wants it to visit a URL and call again (2025-11-25, -32042). */
  toUrl(message: Buffer, job: ForwardJob): BytesAnswer | undefined {
    const { call } = job;
    const requests = CAN_ASK.has(call.method) ? urlRequests(message) : undefined;
    const capabilities = relayedCapabilities(call.clientCapabilities);
    const all = [...(requests?.values() ?? [])];
    if (!requests || !all.every(({ method, params }) => mayBeAsked(method, params, capabilities))) return undefined;
    const state = this.states.mint({ of: 'again' }, job, Date.now() + this.settings.callMaxSeconds * 1000);
    return new BytesAnswer(200, inputRequiredAnswer(call.id, requests, state));
  }

  /** What is to be done with a call: forward it, or give a client that has come back with answers what there is for it. */
  takeUp(job: ForwardJob): ForwardJob | Answer | Promise<Answer> {
    const { call, context } = job;
    if (call.era !== 'modern' || call.params?.['requestState'] === undefined) return job;
    const state = this.states.read(job);
    if (typeof state === 'string') {
      context.blockReason = state;
      return unknownState(job);
    }
    if (state.of === 'upstream') return { ...job, requestState: state.state };
    return state.of === 'parked' ? this.#comeBack(job, state.call, state.round) : job;
  }

  async #comeBack(job: ForwardJob, parked: string, round: number): Promise<Answer> {
    const given = job.call.params?.['inputResponses'];
    const giveUp = new AbortController();
    let fault: ExchangeFault = 'upstream_timeout';
    const forget = this.watch.begin(job, (ended) => {
      fault = ended;
      giveUp.abort();
    });
    const time = AbortSignal.timeout(this.settings.callMaxSeconds * 1000);
    const over = AbortSignal.any([giveUp.signal, time]);
    try {
      await this.mail.put(ADDRESS.given(parked, round), JSON.stringify(isJsonObject(given) ? given : {}), OF_CLIENT_MS);
      const letter = await this.#result(parked, round, over);
      if (letter === 'unclaimed') {
        job.context.failed = 'unknown_request_state';
        return unknownState(job);
      }
      if (letter) return delivered(letter, job);
      await this.mail.put(ADDRESS.left(parked, round), '{}', OF_CLIENT_MS);
      noteFault(job.context, fault);
      return new FaultAnswer(job.call.id, fault);
    } finally {
      forget();
    }
  }

  /** Undefined when the client's time is over. */
  async #result(parked: string, round: number, over: AbortSignal): Promise<Letter | 'unclaimed' | undefined> {
    const address = ADDRESS.result(parked, round);
    const soon = await this.mail.next(address, AbortSignal.any([over, AbortSignal.timeout(UNCLAIMED_MS)]));
    if (soon === undefined && (await this.mail.take(ADDRESS.given(parked, round))) !== undefined) return 'unclaimed';
    const letter = soon ?? (await this.mail.next(address, over));
    return letter === undefined ? undefined : (JSON.parse(letter) as Letter);
  }

  #admit(subject: string): boolean {
    const { maxParkedCalls, maxParkedCallsPerUser } = this.settings;
    const own = [...this.#open.values()].filter((other) => other === subject).length;
    return this.#open.size < maxParkedCalls && own < maxParkedCallsPerUser;
  }

  /**
   * It does not end with the credential that began it, which may be refreshed meanwhile: only whoever may make the call
   * brings it further, and is watched while he waits.
   */
  #hold({ context }: ForwardJob, exchange: ResumingExchange): void {
    const ended = exchange.ended();
    if (ended.aborted) return;
    this.#open.set(exchange, context.principal?.subject ?? '');
    ended.addEventListener('abort', () => this.#open.delete(exchange), { once: true });
  }
}

function unknownState({ call }: ForwardJob): BytesAnswer {
  const text = 'params.requestState is none that was given to you for this call, or has expired; make the call anew';
  return rpcError(call.id, 200, RPC_CODES.invalidParams, text);
}

/** The answer bears the id of the request that came first. */
function delivered({ status, body, failed }: Letter, { call, context }: ForwardJob): BytesAnswer {
  if (failed !== undefined) context.failed = failed;
  const bytes = Buffer.from(body);
  const id = frameOf(bytes)?.scan.id;
  return new BytesAnswer(status, id ? splice(bytes, [{ span: id, bytes: Buffer.from(rawId(call)) }]) : bytes);
}
