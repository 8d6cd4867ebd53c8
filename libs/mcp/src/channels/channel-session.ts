import { type Destination, EgressError, type PeerTls } from '#libs/egress';
import { frameOf, type IncomingFrame } from '../bridge/incoming-answer.js';
import { isJsonObject, type JsonObject, RPC_CODES } from '../json-rpc.js';
import type { Span } from '../json-scan.js';
import { splice } from '../splice.js';
import type { ChannelReply } from './channel-reply.js';
import { type ChannelHeaders, type ChannelListener, ChannelRefusal, type MessageChannel } from './message-channel.js';
import { memberOf, type Renumbered, renumbered, withProgressToken } from './renumbered.js';

/** What belongs to no call, whatever is in flight. */
const UNASKED: ReadonlySet<string> = new Set([
  'notifications/tools/list_changed',
  'notifications/resources/list_changed',
  'notifications/prompts/list_changed',
  'notifications/resources/updated',
]);
/** Calls that wait for an answer, or were left without one. */
const MOST_CALLS = 1024;
/** Answers of our own that are on their way to the upstream. */
const MOST_OWN_ANSWERS = 16;
/** What a channel may say in all that is no message: servers write a line or two to their standard output. */
const MOST_NOISE = 1024 * 1024;
/** Statuses that say something about now, and not about the session. */
const PASSED_ON: readonly number[] = [401, 403, 408, 429];

interface Call extends Pick<Renumbered, 'id' | 'progressToken'> {
  readonly reply: ChannelReply;
}

/**
 * One session over one channel, spoken to as to a Streamable HTTP server of 2025-11-25. Answers and progress go to the
 * call that they name. What names none goes to the one call in flight, else to the GET stream, else nowhere; a request
 * that nobody could answer is declined.
 */
export class ChannelSession implements ChannelListener {
  /** Called once, when the channel has ended. */
  onEnded: () => void = () => undefined;
  usedAt = performance.now();
  #opening: Promise<MessageChannel> | undefined;
  #channel: MessageChannel | undefined;
  #ended: EgressError | undefined;
  #closing: Promise<void> | undefined;
  readonly #calls = new Map<number, Call>();
  #stream: ChannelReply | undefined;
  #last = 0;
  #noise = 0;
  #ownAnswers = 0;
  /** Of the latest request, with the credential. */
  #headers: ChannelHeaders = {};
  #opened = false;

  constructor(
    readonly id: string,
    /** The URL of the upstream. At any other the session is not known. */
    readonly address: string,
    private readonly tls?: PeerTls,
  ) {}

  /** Whether it was opened there, and with the same trust. */
  isAt({ url, tls }: Destination): boolean {
    return url.href === this.address && tls?.id === this.tls?.id;
  }

  /** Calls, and the stream if it is open. */
  get users(): number {
    return this.#waiting().length + (this.#stream ? 1 : 0);
  }

  /** A request was answered with a result; the first is `initialize`. */
  get opened(): boolean {
    return this.#opened;
  }

  /** @throws what opens the channel throws */
  async attach(opening: Promise<MessageChannel>): Promise<void> {
    this.#opening = opening;
    this.#channel = await opening;
  }

  /** A request; its reply tells the rest. */
  async request({ bytes, scan }: IncomingFrame, headers: ChannelHeaders, reply: ChannelReply): Promise<void> {
    if (this.#calls.size >= MOST_CALLS) {
      reply.answer(404);
      return this.close();
    }
    this.usedAt = performance.now();
    this.#headers = headers;
    const number = ++this.#last;
    const { bytes: message, id, progressToken } = renumbered(bytes, scan, number);
    this.#calls.set(number, { id, progressToken, reply });
    try {
      await this.#send(message, headers);
    } catch (error) {
      this.#calls.delete(number);
      this.#refused(error, reply);
    }
  }

  /** A notification, or the answer to a request of the upstream. */
  async tell({ bytes, scan }: IncomingFrame, headers: ChannelHeaders, reply: ChannelReply): Promise<void> {
    this.usedAt = performance.now();
    try {
      const message = textOf(bytes, scan.method) === '"notifications/cancelled"' ? this.#cancelling(bytes) : bytes;
      if (message) await this.#send(message, headers);
      reply.answer(202);
    } catch (error) {
      this.#refused(error, reply);
    }
  }

  /** The stream of what belongs to no call; there is one. */
  listen(reply: ChannelReply): void {
    if (this.#stream) return reply.answer(409);
    this.#stream = reply;
    reply.onOver = () => {
      this.#stream = undefined;
    };
    reply.stream();
  }

  heard(bytes: Buffer): void {
    const frame = frameOf(bytes);
    if (frame?.kind === 'answer') this.#answered(frame);
    else if (frame?.kind === 'request') this.#asked(frame);
    else if (frame) this.#notified(frame);
    else if ((this.#noise += bytes.length) > MOST_NOISE) {
      void this.close(new EgressError('broken', 'The upstream says what is no message'));
    }
  }

  /** The channel is gone, and with it whatever waits for it. */
  ended(why: EgressError): void {
    if (this.#ended) return;
    this.#ended = why;
    const replies = [...this.#calls.values()].map(({ reply }) => reply);
    this.#calls.clear();
    for (const reply of this.#stream ? [...replies, this.#stream] : replies) reply.fail(why);
    this.onEnded();
  }

  /** Settles when nothing is left of the channel, whether it was open already or about to be. */
  close(why = new EgressError('aborted', 'The session was ended')): Promise<void> {
    this.ended(why);
    this.#closing ??= this.#closeChannel().catch(() => undefined);
    return this.#closing;
  }

  async #closeChannel(): Promise<void> {
    const channel = this.#channel ?? (await this.#opening);
    await channel?.close();
  }

  #answered({ bytes, scan }: IncomingFrame): void {
    const number = scan.id && parsed(textOf(bytes, scan.id));
    const call = typeof number === 'number' ? this.#calls.get(number) : undefined;
    if (!call || !scan.id || typeof number !== 'number') return;
    this.#calls.delete(number);
    this.usedAt = performance.now();
    this.#opened ||= scan.result !== undefined;
    call.reply.finish(splice(bytes, [{ span: scan.id, bytes: Buffer.from(call.id) }]));
  }

  #asked({ bytes, scan }: IncomingFrame): void {
    const to = textOf(bytes, scan.method) === '"ping"' ? undefined : this.#nearest();
    if (to) to.push(bytes);
    else void this.#answerMyself(bytes, scan);
  }

  /** An upstream that asks faster than it takes answers gets no more of them. No use of the session by anybody. */
  async #answerMyself(bytes: Buffer, scan: IncomingFrame['scan']): Promise<void> {
    if (this.#ownAnswers >= MOST_OWN_ANSWERS) return;
    this.#ownAnswers += 1;
    await this.#send(ownAnswer(bytes, scan), this.#headers).catch(() => undefined);
    this.#ownAnswers -= 1;
  }

  #notified({ bytes, scan }: IncomingFrame): void {
    const method = parsed(textOf(bytes, scan.method));
    if (method === 'notifications/progress') this.#progressed(bytes, scan.params);
    else if (typeof method === 'string' && UNASKED.has(method)) this.#stream?.push(bytes);
    else this.#nearest()?.push(bytes);
  }

  #progressed(bytes: Buffer, params: Span | undefined): void {
    const token = params && memberOf(bytes, params, 'progressToken');
    const number = token && parsed(textOf(bytes, token));
    const call = typeof number === 'number' ? this.#calls.get(number) : undefined;
    if (!call?.progressToken || !params) return;
    call.reply.push(withProgressToken(bytes, params, call.progressToken));
  }

  /** Whom a message is for that does not say it. */
  #nearest(): ChannelReply | undefined {
    const [only, ...others] = this.#waiting();
    return only && others.length === 0 ? only.reply : this.#stream;
  }

  #waiting(): Call[] {
    return [...this.#calls.values()].filter(({ reply }) => !reply.over);
  }

  /** The same under the number by which the upstream knows the request; undefined for one that it does not know. */
  #cancelling(bytes: Buffer): Buffer | undefined {
    const message = parsed(bytes.toString('utf8'));
    const params = isJsonObject(message) && isJsonObject(message['params']) ? message['params'] : {};
    const found = [...this.#calls].findLast(([, { id }]) => parsed(id) === params['requestId']);
    if (!found) return undefined;
    const [number, { reply }] = found;
    if (reply.over) this.#calls.delete(number);
    return Buffer.from(JSON.stringify({ ...(message as JsonObject), params: { ...params, requestId: number } }));
  }

  async #send(message: Buffer, headers: ChannelHeaders): Promise<void> {
    if (this.#ended || !this.#channel) throw this.#ended ?? new EgressError('broken', 'There is no channel yet');
    await this.#channel.send(message, headers);
  }

  #refused(error: unknown, reply: ChannelReply): void {
    if (!(error instanceof ChannelRefusal)) reply.fail(error instanceof EgressError ? error : BROKEN);
    else if (error.status >= 500 || PASSED_ON.includes(error.status)) refuse(reply, error);
    else {
      reply.answer(404);
      void this.close();
    }
  }
}

const BROKEN = new EgressError('broken', 'The message could not be sent');

/** The status that the upstream gave, as the answer. */
export function refuse(reply: ChannelReply, { status, challenge }: ChannelRefusal): void {
  reply.answer(status, challenge === undefined ? {} : { 'www-authenticate': challenge });
}

/** To what nobody else could answer. */
function ownAnswer(bytes: Buffer, scan: IncomingFrame['scan']): Buffer {
  const error = { code: RPC_CODES.methodNotFound, message: 'Method not found' };
  const outcome = textOf(bytes, scan.method) === '"ping"' ? '"result":{}' : `"error":${JSON.stringify(error)}`;
  return Buffer.from(`{"jsonrpc":"2.0","id":${textOf(bytes, scan.id)},${outcome}}`);
}

const textOf = (bytes: Buffer, span: Span | undefined): string =>
  span ? bytes.toString('utf8', span.start, span.end) : '';

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
