import type { IncomingMessage } from 'node:http';
import { SseReader, type SseEvent } from '#libs/mcp';
import { type CallOptions, jsonOf, legacyMessage, type RawAnswer, RawCaller, whole } from '../raw-caller.js';

const INFO = { name: 'test', version: '1' };

/** A client of an older revision in a session of its own, with nothing between the test and the socket. */
export class McpClient {
  private constructor(
    readonly caller: RawCaller,
    readonly sessionId: string,
    readonly opened: RawAnswer,
    readonly revision: string,
  ) {}

  static async open(caller: RawCaller, capabilities: object = {}, revision = '2025-11-25'): Promise<McpClient> {
    const params = { protocolVersion: revision, capabilities, clientInfo: INFO };
    const opened = await caller.legacy('initialize', params, { headers: { 'mcp-protocol-version': undefined } });
    const client = new McpClient(caller, String(opened.headers['mcp-session-id']), opened, revision);
    await client.notify('notifications/initialized');
    return client;
  }

  /** The same session, spoken of by another caller or at another endpoint. */
  at(caller: RawCaller): McpClient {
    return new McpClient(caller, this.sessionId, this.opened, this.revision);
  }

  request(method: string, params: object = {}, options: CallOptions = {}): Promise<RawAnswer> {
    return this.caller.legacy(method, params, this.#with(options));
  }

  /** Settles with the head of the answer. */
  begin(method: string, params: object = {}, options: CallOptions = {}): Promise<IncomingMessage> {
    const { body, headers } = legacyMessage(method, params, this.#with(options));
    return this.caller.open(body, headers, options.signal);
  }

  notify(method: string, params: object = {}): Promise<RawAnswer> {
    return this.send({ jsonrpc: '2.0', method, params });
  }

  /** Any message, an answer to a request of the server included. */
  send(message: object): Promise<RawAnswer> {
    return this.caller.post(JSON.stringify(message), this.#headers);
  }

  /** The stream of what no request asked for; with the id of an event, what came after it. */
  listen(lastEventId?: string, signal?: AbortSignal): Promise<IncomingMessage> {
    const headers = { ...this.#headers, accept: 'text/event-stream', 'last-event-id': lastEventId };
    return this.caller.send('GET', undefined, headers, signal);
  }

  async end(): Promise<RawAnswer> {
    return whole(await this.caller.send('DELETE', undefined, this.#headers));
  }

  get #headers() {
    return { 'mcp-session-id': this.sessionId, 'mcp-protocol-version': this.revision };
  }

  #with(options: CallOptions): CallOptions {
    return { ...options, revision: this.revision, headers: { ...this.#headers, ...options.headers } };
  }
}

/** Reads a stream event by event, as they come. */
export class EventStream {
  readonly #reader = new SseReader(10_000_000);
  readonly #events: AsyncGenerator<SseEvent>;

  constructor(readonly answer: IncomingMessage) {
    this.#events = this.#read();
  }

  /** The next event; undefined at the end of the stream. */
  async next(): Promise<SseEvent | undefined> {
    const { value, done } = await this.#events.next();
    return done ? undefined : value;
  }

  /** The next message; events without one are passed over. */
  async message(): Promise<ReturnType<typeof JSON.parse>> {
    for (let event = await this.next(); event; event = await this.next()) {
      if (event.data !== '') return JSON.parse(event.data);
    }
    return undefined;
  }

  close(): void {
    this.answer.destroy();
  }

  async *#read(): AsyncGenerator<SseEvent> {
    for await (const chunk of this.answer) yield* this.#reader.feed(chunk as Buffer);
  }
}

export const errorOf = (answer: RawAnswer): unknown => [answer.status, jsonOf(answer).error?.code];
