import type { IncomingMessage } from 'node:http';
import type { RunningGateway } from '../../../fixtures/running-gateway.js';
import { type RawAnswer, RawCaller, whole } from '../raw-caller.js';
import { EventStream } from '../sessions/mcp-client.js';

const EVENTS = { accept: 'text/event-stream', 'content-type': undefined };

export interface Where {
  readonly running: RunningGateway;
  readonly token: string | undefined;
  /** That of the stream: `/sse`, or that of a virtual server. */
  readonly path: string;
}

/** Asks for a stream, which may be refused. */
export function askForStream({ running, token, path }: Where, headers: object = {}): Promise<IncomingMessage> {
  return new RawCaller(running.url + path, token).send('GET', undefined, { ...EVENTS, ...headers });
}

/** A client of HTTP+SSE, with nothing between the test and the socket. */
export class SseClient {
  #ids = 0;

  private constructor(
    readonly stream: EventStream,
    /** As the first event named it. */
    readonly endpoint: string,
    private readonly where: Where,
  ) {}

  /** Opens the stream, and the session on it where there are capabilities. */
  static async open(where: Where, capabilities: object | null = null, revision = '2024-11-05'): Promise<SseClient> {
    const answer = await askForStream(where);
    if (answer.statusCode !== 200) throw new Error(`no stream: ${answer.statusCode}`);
    const stream = new EventStream(answer);
    const first = await stream.next();
    if (first?.event !== 'endpoint') throw new Error(`not the endpoint: ${JSON.stringify(first)}`);
    const client = new SseClient(stream, first.data, where);
    if (capabilities) {
      const clientInfo = { name: 'test', version: '1' };
      await client.request('initialize', { protocolVersion: revision, capabilities, clientInfo });
      await client.send({ method: 'notifications/initialized' });
    }
    return client;
  }

  /** The same session, spoken of elsewhere, or by another. */
  at(more: Partial<Where> & { readonly endpoint?: string }): SseClient {
    return new SseClient(this.stream, more.endpoint ?? this.endpoint, { ...this.where, ...more });
  }

  send(message: object, headers: object = {}): Promise<RawAnswer> {
    return this.post(JSON.stringify({ jsonrpc: '2.0', ...message }), headers);
  }

  async post(body: string, headers: object = {}): Promise<RawAnswer> {
    const caller = new RawCaller(this.where.running.url + this.endpoint, this.where.token);
    // It was never asked for here.
    const answer = await whole(await caller.open(body, { accept: undefined, ...headers }));
    caller.close();
    return answer;
  }

  /** Sends a request and reads the next message, which is its answer where nothing else comes. */
  async request(method: string, params: object = {}): Promise<ReturnType<typeof JSON.parse>> {
    const { status, body } = await this.send({ id: ++this.#ids, method, params });
    if (status !== 202) throw new Error(`${method}: ${status} ${body.toString()}`);
    return this.stream.message();
  }

  close(): void {
    this.stream.close();
  }
}
