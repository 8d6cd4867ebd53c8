import { Agent, type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';

/** A whole answer, its bytes as they came. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface RawMessage {
  readonly body: string;
  readonly headers: OutgoingHttpHeaders;
}

export interface CallOptions {
  readonly id?: string | number;
  /** Members of `_meta`. */
  readonly meta?: object;
  readonly headers?: OutgoingHttpHeaders;
  readonly signal?: AbortSignal;
  /** Legacy only. */
  readonly revision?: string;
}

// Answers are checked by the tests themselves.
type Json = ReturnType<typeof JSON.parse>;

const ACCEPT = 'application/json, text/event-stream';
const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** A request of 2026-07-28 with the headers that mirror it. */
export function modernMessage(method: string, params: object = {}, options: CallOptions = {}): RawMessage {
  const { id = 1, meta, headers } = options;
  const { name, uri, taskId } = params as Readonly<Record<string, unknown>>;
  const target = name ?? uri ?? taskId;
  return {
    body: JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, _meta: { ...META, ...meta } } }),
    headers: {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(typeof target === 'string' && { 'mcp-name': target }),
      ...headers,
    },
  };
}

/** A request of a revision with `initialize`. */
export function legacyMessage(method: string, params: object = {}, options: CallOptions = {}): RawMessage {
  const { id = 1, meta, headers, revision = '2025-11-25' } = options;
  return {
    body: JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, ...(meta && { _meta: meta }) } }),
    headers: { 'mcp-protocol-version': revision, ...headers },
  };
}

/** Speaks HTTP to one endpoint, with nothing between the test and the socket. */
export class RawCaller {
  readonly #agent = new Agent({ keepAlive: true });

  constructor(
    readonly endpoint: string,
    private readonly token: string | undefined,
  ) {}

  modern(method: string, params?: object, options: CallOptions = {}): Promise<RawAnswer> {
    const { body, headers } = modernMessage(method, params, options);
    return this.post(body, headers, options.signal);
  }

  legacy(method: string, params?: object, options: CallOptions = {}): Promise<RawAnswer> {
    const { body, headers } = legacyMessage(method, params, options);
    return this.post(body, headers, options.signal);
  }

  async post(body: string | Buffer, headers: OutgoingHttpHeaders = {}, signal?: AbortSignal): Promise<RawAnswer> {
    return whole(await this.open(body, headers, signal));
  }

  /** Settles with the head of the answer; the caller reads the rest. A header set to undefined is left out. */
  open(body: string | Buffer, headers: OutgoingHttpHeaders = {}, signal?: AbortSignal): Promise<IncomingMessage> {
    return this.send('POST', body, headers, signal);
  }

  send(
    method: string,
    body: string | Buffer | undefined,
    headers: OutgoingHttpHeaders = {},
    signal?: AbortSignal,
  ): Promise<IncomingMessage> {
    const all: OutgoingHttpHeaders = {
      accept: ACCEPT,
      'content-type': 'application/json',
      ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
      ...headers,
    };
    for (const name of Object.keys(all)) if (all[name] === undefined) delete all[name];
    return new Promise((resolve, reject) => {
      const outgoing = request(this.endpoint, { method, agent: this.#agent, headers: all, ...(signal && { signal }) });
      outgoing.once('response', (answer) => {
        // A test that hangs up knows it.
        answer.on('error', () => undefined);
        resolve(answer);
      });
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  }

  /** The same caller at another endpoint. */
  to(endpoint: string): RawCaller {
    return new RawCaller(endpoint, this.token);
  }

  close(): void {
    this.#agent.destroy();
  }
}

export async function whole(answer: IncomingMessage): Promise<RawAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) };
}

export const jsonOf = ({ body }: RawAnswer): Json => JSON.parse(body.toString());

/** The messages of an SSE answer, in order. */
export function eventsOf({ body }: RawAnswer): Json[] {
  return body
    .toString()
    .split('\n\n')
    .flatMap((event) => {
      const data = event.split('\n').filter((line) => line.startsWith('data: '));
      return data.length === 0 ? [] : [JSON.parse(data.map((line) => line.slice(6)).join('\n'))];
    });
}
