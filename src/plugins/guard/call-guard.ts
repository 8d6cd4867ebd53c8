import {
  frameOf,
  isJsonObject,
  type JsonObject,
  type McpCall,
  parseBounded,
  resultBody,
  rawId,
  splice,
  withParams,
  WrittenNumbers,
} from '#libs/mcp';
import { BytesAnswer } from '../../http/answer.js';
import type { RequestContext } from '../../http/request-context.js';
import { type HookCall, type HookOutcome, runHook } from '../chain/run-hook.js';
import type { TargetChain } from '../chain/target-chain.js';
import type { CallError, Hook, HookPayloads, StreamMessage } from '../hooks.js';
import { BlockedAnswer, type Door, isBlocked } from './blocked-answer.js';
import { isPlain, PARTS, plainMessage } from './plain-message.js';
import {
  besides,
  CALL_FORMS,
  type CallForm,
  joinResult,
  postPayload,
  prePayload,
  splitResult,
  withBesides,
} from './call-form.js';

/** An upstream's nesting is its own affair; what nobody can walk through is not passed on unseen. */
const DEEPEST = 512;

/** The call as the guardrails left it. */
export interface GuardedCall {
  readonly call: McpCall;
  /** What they set among the headers that go to the upstream, in lower case; null for one that must not go there. */
  readonly headers: Readonly<Record<string, string | null>> | undefined;
  /** When they give it up, milliseconds. */
  readonly deadlineMs?: number | undefined;
}

export interface GuardedAt {
  /** By which the upstream knows the target. */
  readonly name: string;
  readonly context: RequestContext;
  readonly door: Door;
  /** Of the request, without credentials. */
  readonly headers: () => Readonly<Record<string, string>>;
}

/** Of a call that a guardrail wants made again. */
export const MOST_TRIES = 10;

/** Upstream asked to be called again, by a guardrail. */
export class RetryAnswer extends BytesAnswer {
  constructor(
    given: BytesAnswer,
    readonly afterMs: number,
  ) {
    super(given.status, given.body, given.headers);
  }
}

/** The guardrails around one call, from its request to its last message. Each hook after the call runs once for each try. */
export class CallGuard {
  readonly #form: CallForm | undefined;
  #settled: BytesAnswer | undefined;

  constructor(
    private readonly call: McpCall,
    private readonly chain: TargetChain,
    private readonly hookCall: HookCall,
    private readonly at: GuardedAt,
  ) {
    this.#form = CALL_FORMS.get(call.method);
  }

  /** The call as it may go on, or what answers it. */
  before(): Promise<GuardedCall | BytesAnswer> {
    return this.#before().catch(() => this.#unreadable(this.#form?.pre));
  }

  async #before(): Promise<GuardedCall | BytesAnswer> {
    const { method, params = {} } = this.call;
    const own = this.#form?.own ?? [];
    let made = params;
    const numbers = new WrittenNumbers(this.call.bytes, this.call.scan.params);
    const others = this.chain.has('stream_message') ? besides(this.call, own) : undefined;
    if (others) {
      const outcome = await this.#run('stream_message', { direction: 'to_upstream', method, body: others }, numbers);
      if (isBlocked(outcome)) return this.#blocked('stream_message', outcome);
      if (outcome.payload.body !== others) made = withBesides(this.call, own, outcome.payload.body);
    }
    const hook = this.#form?.pre;
    if (hook && this.chain.has(hook) && !isObjectOrNothing(params['arguments'])) return this.#noArguments();
    let headers: GuardedCall['headers'];
    let deadlineMs: number | undefined;
    if (hook && this.chain.has(hook)) {
      const given = prePayload(hook, this.at.name, params, this.at.headers);
      const outcome = await this.#run(hook, given, numbers);
      if (isBlocked(outcome)) return this.#blocked(hook, outcome);
      if (outcome.answer) return this.#answered(outcome.answer);
      const { payload } = outcome;
      ({ deadlineMs } = outcome);
      if ('args' in payload && 'args' in given && payload.args !== given.args)
        made = { ...made, arguments: payload.args };
      if ('headers' in payload && 'headers' in given) headers = changesOf(given.headers, payload.headers);
      if ('metadata' in payload) headers = headersOf(payload.metadata);
    }
    return { call: made === params ? this.call : withParams(this.call, made), headers, deadlineMs };
  }

  /** The answer as the client may get it. A question to the client is not the answer yet. */
  after(answer: BytesAnswer): BytesAnswer | Promise<BytesAnswer> {
    const hook = this.#form?.post ?? 'stream_message';
    if (this.#settled === answer || answer instanceof BlockedAnswer || !this.chain.has(hook, 'stream_message'))
      return answer;
    const made = this.#after(answer).catch(() => this.#unreadable());
    return made.then((settled) => (this.#settled = settled));
  }

  /**
   * A message in the middle of the call, as it may go on.
   * @returns undefined for one that must not
   */
  message(bytes: Buffer, direction: StreamMessage['direction']): Buffer | undefined | Promise<Buffer | undefined> {
    if (!this.chain.has('stream_message')) return bytes;
    return this.#message(bytes, direction).catch(() => undefined);
  }

  async #after(answer: BytesAnswer): Promise<BytesAnswer> {
    const parsed = parseBounded(answer.body, DEEPEST);
    // What parsers read differently would be judged as one thing and taken for another.
    if (typeof parsed === 'string' || !isJsonObject(parsed.value)) return this.#unreadable();
    const { result, error } = parsed.value;
    const plain = isPlain(parsed.value)
      ? answer
      : new BytesAnswer(answer.status, plainMessage(answer.body, parsed.scan), answer.headers);
    const numbers = new WrittenNumbers(answer.body, parsed.scan.result ?? parsed.scan.error);
    if (isJsonObject(result)) return this.#result(plain, result, numbers);
    return isCallError(error) ? this.#error(plain, error, numbers) : this.#unreadable();
  }

  async #result(answer: BytesAnswer, result: JsonObject, numbers: WrittenNumbers): Promise<BytesAnswer> {
    const { shown, held } = splitResult(result);
    const asks = held['resultType'] === 'input_required';
    const hook = asks ? undefined : this.#form?.post;
    if (hook) {
      const outcome = await this.#run(hook, postPayload(hook, this.at.name, shown, undefined), numbers);
      if (isBlocked(outcome)) return this.#blocked(hook, outcome);
      const made =
        outcome.payload.result === shown
          ? answer
          : replaced(answer, 'result', joinResult(outcome.payload.result, held), numbers);
      return outcome.retryAfterMs === undefined ? made : new RetryAnswer(made, outcome.retryAfterMs);
    }
    const message: StreamMessage = { direction: 'to_client', method: this.call.method, body: shown };
    const outcome = await this.#run('stream_message', message, numbers);
    if (isBlocked(outcome)) return this.#blocked('stream_message', outcome);
    const { body } = outcome.payload;
    return body === shown ? answer : replaced(answer, 'result', joinResult(body, held), numbers);
  }

  async #error(answer: BytesAnswer, error: CallError, numbers: WrittenNumbers): Promise<BytesAnswer> {
    const hook = this.#form?.post;
    if (hook) {
      const outcome = await this.#run(hook, postPayload(hook, this.at.name, {}, error), numbers);
      if (isBlocked(outcome)) return this.#blocked(hook, outcome);
      const changed = outcome.payload.error ?? error;
      const made = changed === error ? answer : replaced(answer, 'error', changed, numbers);
      return outcome.retryAfterMs === undefined ? made : new RetryAnswer(made, outcome.retryAfterMs);
    }
    const body = { ...error };
    const message: StreamMessage = { direction: 'to_client', method: this.call.method, body };
    const outcome = await this.#run('stream_message', message, numbers);
    if (isBlocked(outcome)) return this.#blocked('stream_message', outcome);
    return outcome.payload.body === body ? answer : replaced(answer, 'error', outcome.payload.body, numbers);
  }

  async #message(bytes: Buffer, direction: StreamMessage['direction']): Promise<Buffer | undefined> {
    const parsed = parseBounded(bytes, DEEPEST);
    if (typeof parsed === 'string' || !isJsonObject(parsed.value)) return undefined;
    const message = parsed.value;
    const plain = isPlain(message) ? bytes : plainMessage(bytes, parsed.scan);
    const [member, more] = PARTS.filter((name) => name in message);
    if (!member) return plain;
    const body = message[member];
    if (more || !isJsonObject(body)) return undefined;
    const method = typeof message['method'] === 'string' ? message['method'] : this.call.method;
    const numbers = new WrittenNumbers(bytes, parsed.scan[member]);
    const outcome = await this.#run('stream_message', { direction, method, body }, numbers);
    if (isBlocked(outcome)) return undefined;
    const { body: made } = outcome.payload;
    return made === body ? plain : plainMessage(bytes, parsed.scan, { [member]: numbers.stringify(made) });
  }

  #run<H extends Hook>(
    hook: H,
    payload: HookPayloads[H],
    numbers: WrittenNumbers,
  ): HookOutcome<H> | Promise<HookOutcome<H>> {
    return runHook(hook, this.chain.steps(hook), payload, { ...this.hookCall, numbers });
  }

  #blocked(hook: Hook, outcome: HookOutcome<Hook>): BlockedAnswer {
    const { context, door } = this.at;
    context.blockReason = outcome.violation ? 'guardrail' : 'guardrail_failed';
    return BlockedAnswer.of(this.call.id, hook, outcome, door);
  }

  /** Upstreams make of it what they like, and no guardrail can be shown it. */
  #noArguments(): BlockedAnswer {
    this.at.context.blockReason = 'invalid_params';
    return BlockedAnswer.malformed(this.call.id, 'params.arguments must be an object');
  }

  /** What can't be read can't be judged. */
  #unreadable(hook: Hook = this.#form?.post ?? 'stream_message'): BlockedAnswer {
    const { context } = this.at;
    context.blockReason = 'guardrail_failed';
    return BlockedAnswer.failed(this.call.id, hook, 'gateway');
  }

  #answered(result: JsonObject): BytesAnswer {
    const body = { ...(this.call.era === 'modern' && { resultType: 'complete' }), ...result };
    return new BytesAnswer(200, Buffer.from(resultBody(rawId(this.call), JSON.stringify(body))));
  }
}

function replaced(
  answer: BytesAnswer,
  member: 'result' | 'error',
  value: unknown,
  numbers: WrittenNumbers,
): BytesAnswer {
  const span = frameOf(answer.body)?.scan[member];
  if (!span) throw new RangeError('an answer that was read has its parts');
  const body = splice(answer.body, [{ span, bytes: Buffer.from(numbers.stringify(value)) }]);
  return new BytesAnswer(answer.status, body, answer.headers);
}

function changesOf(
  given: Readonly<Record<string, string>>,
  made: Readonly<Record<string, string>>,
): Readonly<Record<string, string | null>> | undefined {
  if (made === given) return undefined;
  const set = Object.entries(made).filter(([name, value]) => given[name] !== value);
  const taken = Object.keys(given).filter((name) => !(name in made));
  if (set.length + taken.length === 0) return undefined;
  return Object.fromEntries<string | null>([...set, ...taken.map((name): [string, null] => [name, null])]);
}

/** What plugins want sent with the request for a resource. */
function headersOf({ headers }: JsonObject): Readonly<Record<string, string>> | undefined {
  if (!isJsonObject(headers)) return undefined;
  const texts = Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(texts.map(([name, value]) => [name.toLowerCase(), value]));
}

const isObjectOrNothing = (value: unknown): boolean => (value ?? undefined) === undefined || isJsonObject(value);

const isCallError = (error: unknown): error is CallError & JsonObject =>
  isJsonObject(error) && typeof error['code'] === 'number' && typeof error['message'] === 'string';
