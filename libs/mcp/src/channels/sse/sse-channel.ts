import type { Readable } from 'node:stream';
import { type Destination, type Egress, EgressError, parseUrl } from '#libs/egress';
import { SseEventTooLargeError, type SseEvent, SseReader } from '../../sse.js';
import { type ChannelHeaders, type ChannelListener, ChannelRefusal, type MessageChannel } from '../message-channel.js';

/** How long the server may take to accept a message, milliseconds. */
const ACCEPT_MS = 30_000;
/** Of an acceptance, which says nothing; bytes. */
const MOST_OF_ACCEPTANCE = 64 * 1024;
const LONGEST_ENDPOINT = 2048;

/** HTTP+SSE of 2024-11-05: messages come over one event stream, and go to the endpoint that it names first. */
export class SseChannel implements MessageChannel {
  /** The endpoint is known; rejects when the stream ends before. */
  readonly ready: Promise<void>;
  #endpoint: URL | undefined;
  #readied: () => void = () => undefined;
  #failed: (why: EgressError) => void = () => undefined;
  readonly #read: Promise<void>;

  /** @param stream where it was opened */
  constructor(
    private readonly egress: Egress,
    private readonly stream: Destination,
    private readonly body: Readable,
    private readonly listener: ChannelListener,
    maxMessageBytes: number,
  ) {
    this.ready = new Promise((resolve, reject) => {
      this.#readied = resolve;
      this.#failed = reject;
    });
    this.ready.catch(() => undefined);
    this.#read = this.#listen(new SseReader(maxMessageBytes));
  }

  async send(message: Buffer, headers: ChannelHeaders): Promise<void> {
    if (!this.#endpoint) throw new EgressError('broken', 'The server has named no endpoint');
    const limits = { timeoutMs: ACCEPT_MS, maxBytes: MOST_OF_ACCEPTANCE };
    const own = { ...headers, 'content-type': 'application/json' };
    const { status } = await this.egress.request(
      { ...this.stream, url: this.#endpoint },
      {
        method: 'POST',
        headers: own,
        body: message,
        ...limits,
      },
    );
    if (status < 200 || status > 299) throw new ChannelRefusal(status);
  }

  async close(): Promise<void> {
    this.body.destroy();
    await this.#read;
  }

  async #listen(reader: SseReader): Promise<void> {
    let why = new EgressError('broken', 'The server has ended its event stream');
    try {
      for await (const chunk of this.body as AsyncIterable<Buffer>) {
        for (const event of reader.feed(chunk)) this.#take(event);
      }
    } catch (error) {
      if (error instanceof EgressError) why = error;
      if (error instanceof SseEventTooLargeError)
        why = new EgressError('too_large', 'An event has more bytes than allowed');
    }
    this.#failed(why);
    this.listener.ended(why);
  }

  #take({ event = 'message', data }: SseEvent): void {
    if (event === 'message') this.listener.heard(Buffer.from(data));
    else if (event === 'endpoint' && !this.#endpoint) {
      this.#endpoint = this.#judged(data);
      this.#readied();
    }
  }

  /** Whoever writes the stream must not thereby say where our credential goes. @throws EgressError */
  #judged(text: string): URL {
    const { href, origin } = this.stream.url;
    const endpoint = text.length <= LONGEST_ENDPOINT ? parseUrl(text, href) : undefined;
    if (endpoint?.origin !== origin) {
      throw new EgressError('url_refused', 'The server names an endpoint that is not at its own origin');
    }
    this.egress.check(endpoint);
    return endpoint;
  }
}
