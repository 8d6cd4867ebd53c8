import { type InputRequired, isJsonObject, type JsonObject, withInput } from '#libs/mcp';
import { Injectable, Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ResumingExchange } from '../forward/resuming-exchange.js';
import type { McpSession } from '../sessions/mcp-session.js';
import { ServerRequests } from '../sessions/server-requests.js';
import { Mail } from './mail.js';

const MOST_ROUNDS = 8;
/** An upstream that only wants to be asked again is not asked at once, milliseconds. */
const AGAIN_MS = 250;

/** A call of an older client on its way to an upstream of 2026-07-28. */
export interface AskedCall {
  readonly session: McpSession;
  readonly exchange: ResumingExchange;
  /** As the call went up first. */
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** The client said no, or something that is no answer, or can't be asked this. */
class NoInputError extends Error {}

/**
 * Upstreams of 2026-07-28 answer with questions where older ones sent requests. For a client that knows only requests, the
 * gate asks the questions in the middle of its call and takes the answers up in the call's next round.
 */
@Injectable()
export class InputRounds {
  readonly #log = new Logger(InputRounds.name);

  constructor(
    private readonly requests: ServerRequests,
    private readonly mail: Mail,
  ) {}

  /** Runs the rounds of this call whenever its upstream asks for one. */
  serve(call: AskedCall): void {
    let rounds = 0;
    call.exchange.assembler.onInputRequired = (required) => {
      this.#round(call, required, ++rounds).catch((error: unknown) => {
        if (!(error instanceof NoInputError)) this.#log.error({ message: 'a client cannot be asked', error });
        call.exchange.cancel('upstream_needs_input');
      });
    };
  }

  async #round(call: AskedCall, { requests, requestState }: InputRequired, round: number): Promise<void> {
    const { session, exchange, headers, body } = call;
    if (round > MOST_ROUNDS) throw new NoInputError('too many rounds');
    const asked = [...requests].map(([key, { method, params }]) => {
      const question = this.requests.question(method, params, session);
      if (!question) throw new NoInputError(`${method} is nothing that the client can be asked`);
      return { key, method, ...question };
    });
    const dropped = (): void => exchange.cancel('upstream_needs_input');
    for (const { message } of asked) exchange.assembler.ask(message, dropped);
    // Taken as they come, in whatever order.
    const answers = asked.map(
      async ({ key, method, name }) => [key, await this.#answer(name, method, exchange)] as const,
    );
    const responses = new Map(await Promise.all(answers));
    if (asked.length === 0) await pause(AGAIN_MS);
    const id = randomUUID();
    exchange.again(id, headers, withInput(body, id, responses, requestState));
  }

  /** The result as the client wrote it. */
  async #answer(name: string, method: string, exchange: ResumingExchange): Promise<string> {
    const answer = await this.mail.next(name, exchange.ended());
    if (answer === undefined) {
      exchange.cancel('upstream_timeout');
      throw new NoInputError('the call is over');
    }
    return resultOf(JSON.parse(answer) as JsonObject, method);
  }
}

/** Of the three questions only that to a person knows a no (2026-07-28, ElicitResult). */
function resultOf({ result }: JsonObject, method: string): string {
  if (isJsonObject(result)) return JSON.stringify(result);
  if (method === 'elicitation/create') return '{"action":"cancel"}';
  throw new NoInputError('the client answered with an error');
}
