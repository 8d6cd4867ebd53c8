import {
  type IncomingFrame,
  inputRequiredAnswer,
  type InputRequest,
  isJsonObject,
  type JsonObject,
  type LegacySession,
  mayBeAsked,
  relayedCapabilities,
  RPC_CODES,
} from '#libs/mcp';
import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { BytesAnswer } from '../../http/answer.js';
import type { ForwardJob } from '../forward/forward-job.js';
import type { ResumingExchange } from '../forward/resuming-exchange.js';
import type { Mail } from './mail.js';

const LOG = new Logger('ParkedCall');
/** Questions that come within this time of one another are one round, milliseconds. */
const GATHER_MS = 30;
const MOST_ROUNDS = 8;
/** Questions of one round. */
const MOST_QUESTIONS = 16;
/** Longest id of an upstream's question, bytes of JSON text. */
const LONGEST_ID = 256;

interface Question extends InputRequest {
  /** As the upstream wrote it, JSON text. */
  readonly id: string;
}

/** What a parked call needs of its surroundings. */
export interface Parking {
  readonly job: ForwardJob;
  /** The session in which the upstream asks. */
  readonly session: LegacySession;
  readonly exchange: ResumingExchange;
  readonly mail: Mail;
  /** Whether one more call may wait. */
  readonly admit: () => boolean;
  /** The client is answered for now. */
  readonly onParked: () => void;
  /** @returns the `requestState` that leads to this round */
  readonly stateOf: (parked: string, round: number) => string;
}

/**
 * A call of a client of 2026-07-28 whose older upstream asks something: the client is answered with the questions, and the
 * upstream's stream stays open until the client has come back with the answers, to whichever replica.
 */
export class ParkedCall {
  readonly id = randomUUID();
  readonly #capabilities: JsonObject;
  #waiting: Question[] = [];
  #round = 0;
  #running = false;

  constructor(private readonly parking: Parking) {
    this.#capabilities = relayedCapabilities(parking.job.call.clientCapabilities);
  }

  /** False for what the client can't be asked. */
  ask({ bytes, scan: { id } }: IncomingFrame): boolean {
    const { method, params } = JSON.parse(bytes.toString('utf8')) as JsonObject;
    const known = id && typeof method === 'string' && mayBeAsked(method, params, this.#capabilities);
    if (!known || id.end - id.start > LONGEST_ID || this.#waiting.length >= MOST_QUESTIONS) return false;
    if (this.#round >= MOST_ROUNDS || (this.#round === 0 && !this.#running && !this.parking.admit())) return false;
    const asked = isJsonObject(params) ? params : {};
    this.#waiting.push({ id: bytes.toString('utf8', id.start, id.end), method, params: asked });
    this.parking.exchange.waitForClient();
    if (!this.#running) void this.#run();
    return true;
  }

  /** Rounds, one after another, as long as there are questions. */
  async #run(): Promise<void> {
    const { exchange } = this.parking;
    this.#running = true;
    try {
      while (this.#waiting.length > 0 && !exchange.over) {
        await pause(GATHER_MS);
        await this.#ask(this.#waiting.splice(0));
      }
    } catch (error) {
      LOG.error({ message: 'a client cannot be asked', error });
      exchange.cancel('upstream_needs_input');
    } finally {
      this.#running = false;
    }
  }

  async #ask(questions: readonly Question[]): Promise<void> {
    const { exchange, mail, session } = this.parking;
    const round = ++this.#round;
    const keyed = new Map(questions.map((question, index) => [`input-${round}-${index + 1}`, question]));
    await this.#askClient(keyed, round);
    const letter = await mail.next(ADDRESS.given(this.id, round), exchange.ended());
    const given = letter === undefined ? {} : (JSON.parse(letter) as JsonObject);
    const left = letter !== undefined && [...keyed.keys()].some((key) => !isJsonObject(given[key]));
    if (letter === undefined) exchange.cancel('upstream_timeout');
    else this.#endWithClient(round);
    // A client that left something out is asked all of it again (2026-07-28).
    if (left && round < MOST_ROUNDS) this.#waiting.unshift(...questions);
    else await Promise.all([...keyed].map(([key, { id, method }]) => session.tell(replyTo(id, method, given[key]))));
  }

  async #askClient(keyed: ReadonlyMap<string, Question>, round: number): Promise<void> {
    const { job, exchange, onParked, stateOf } = this.parking;
    const requests = new Map([...keyed].map(([key, { method, params }]) => [key, { method, params }]));
    const answer = new BytesAnswer(200, inputRequiredAnswer(job.call.id, requests, stateOf(this.id, round)));
    if (round > 1) return this.#send(round - 1, answer);
    onParked();
    exchange.assembler.park(
      answer,
      (last) => void this.#send(this.#round, last),
      // The client never learns how to come back.
      () => exchange.cancel('upstream_needs_input'),
    );
  }

  /** To the client that has come back with the answers of this round. */
  async #send(round: number, { status, body }: BytesAnswer): Promise<void> {
    const { mail, job } = this.parking;
    const letter: Letter = { status, body: body.toString('utf8'), failed: job.context.failed };
    await mail.put(ADDRESS.result(this.id, round), JSON.stringify(letter)).catch(() => undefined);
  }

  /** From now on the client waits again, and may leave. */
  #endWithClient(round: number): void {
    const { mail, exchange } = this.parking;
    const gone = mail.next(ADDRESS.left(this.id, round), exchange.ended()).catch(() => undefined);
    void gone.then((letter) => letter !== undefined && exchange.cancel('cancelled'));
  }
}

/** What comes back for the client of a parked call. */
export interface Letter {
  readonly status: number;
  /** JSON-RPC, with the id of the first request. */
  readonly body: string;
  readonly failed: string | undefined;
}

/** Where the letters of one round go. */
export const ADDRESS = {
  /** What the client gave. */
  given: (parked: string, round: number): string => `${parked}:${round}:given`,
  /** What it gets for it. */
  result: (parked: string, round: number): string => `${parked}:${round}:result`,
  /** It does not wait for that any more. */
  left: (parked: string, round: number): string => `${parked}:${round}:left`,
};

/** The client's answer as the upstream is told it; without one, the person has cancelled, or the client has failed. */
function replyTo(id: string, method: string, answer: unknown): string {
  if (isJsonObject(answer)) return `{"jsonrpc":"2.0","id":${id},"result":${JSON.stringify(answer)}}`;
  if (method === 'elicitation/create') return `{"jsonrpc":"2.0","id":${id},"result":{"action":"cancel"}}`;
  const error = { code: RPC_CODES.internalError, message: 'The client gave no answer' };
  return `{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify(error)}}`;
}
