import { EnvelopeRefusal, type McpCall, RPC_CODES } from '#libs/mcp';
import { Injectable, Logger } from '@nestjs/common';
import { UsageObserver } from '../../audit/usage-observer.js';
import { type Answer, BytesAnswer } from '../../http/answer.js';
import type { RequestContext } from '../../http/request-context.js';
import { faultBody } from '../forward/exchange-fault.js';
import { GateSettings } from '../gate.settings.js';
import { refusalReason, rpcError } from './gate-refusal.js';
import { type GateRequest, GateService } from './gate.service.js';

type Entry = McpCall | EnvelopeRefusal;

/** Elements of one batch that are worked on at the same time. */
const AT_ONCE = 8;
const NOTHING = Buffer.alloc(0);
const [OPEN, COMMA, CLOSE] = [Buffer.from('['), Buffer.from(','), Buffer.from(']')];

/** Answers the messages of a batch as independent calls: a denied or broken one gives its own error. */
@Injectable()
export class BatchService {
  readonly #log = new Logger(BatchService.name);

  constructor(
    private readonly gate: GateService,
    private readonly settings: GateSettings,
    private readonly usage: UsageObserver,
  ) {}

  async answer(entries: readonly Entry[], at: GateRequest): Promise<Answer> {
    // The row that every request has becomes that of the first message; the others get rows of their own.
    const contexts = entries.map((_, index) => (index === 0 ? at.context : at.context.element()));
    const bodies: Buffer[] = entries.map(() => NOTHING);
    let next = 0;
    let room = this.settings.maxResponseBytes;
    const work = async (): Promise<void> => {
      for (let index = next++; index < entries.length; index = next++) {
        const entry = entries[index];
        const context = contexts[index];
        if (!entry || !context) return;
        const body = await this.#element(entry, { ...at, context });
        room -= body.length;
        bodies[index] = room < 0 ? tooMuch(entry, context) : body;
        context.bytesOut = bodies[index]?.length ?? 0;
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, entries.length) }, work));
    this.#record(contexts.slice(1), at);
    const answered = bodies.filter((body) => body.length > 0);
    return answered.length === 0 ? new BytesAnswer(202, NOTHING) : new BytesAnswer(200, arrayOf(answered));
  }

  #record(contexts: readonly RequestContext[], { request, response }: GateRequest): void {
    const record = (): void => {
      for (const context of contexts) this.usage.record(context, request, response);
    };
    if (response.destroyed) record();
    else response.once('close', record);
  }

  async #element(entry: Entry, at: GateRequest): Promise<Buffer> {
    if (entry instanceof EnvelopeRefusal) {
      at.context.bytesIn = 0;
      at.context.blockReason = refusalReason(entry);
      at.context.method = entry.asked?.method;
      at.context.target = entry.asked?.targetName;
      return Buffer.from(entry.body());
    }
    at.context.bytesIn = entry.bytes.length;
    try {
      const answer = await this.gate.answer(entry, at);
      if (answer instanceof BytesAnswer) return sound(answer.body, entry, at.context);
      throw new TypeError('an element of a batch was answered with a stream');
    } catch (error) {
      const { correlationId } = at.context;
      this.#log.error({ message: 'a message of a batch failed', correlationId, error });
      at.context.failed = 'internal_error';
      return rpcError(entry.id, 200, RPC_CODES.internalError, 'Internal error').body;
    }
  }
}

const arrayOf = (bodies: readonly Buffer[]): Buffer =>
  Buffer.concat([...bodies.flatMap((body, index) => [index === 0 ? OPEN : COMMA, body]), CLOSE]);

/** An upstream's answer goes down unread, but one that is no JSON would take the others of its batch with it. */
function sound(body: Buffer, entry: McpCall, context: RequestContext): Buffer {
  if (body.length === 0) return body;
  try {
    JSON.parse(body.toString('utf8'));
    return body;
  } catch {
    context.failed = 'upstream_invalid_answer';
    return faultBody(entry.id, 'upstream_invalid_answer');
  }
}

function tooMuch(entry: Entry, context: RequestContext): Buffer {
  context.failed = 'upstream_too_large';
  return faultBody(entry.id, 'upstream_too_large');
}
