import { EventEmitter, once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { listenOnLoopback } from '../../fixtures/upstreams/loopback-server.js';

/** One request that the gate forwarded, its bytes as they came. */
export interface RawExchange {
  readonly body: string;
  /** JSON text. */
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export type RawScript = (exchange: RawExchange) => void | Promise<void>;

/** What the upstream lists and can do, where that is not one of each and everything. */
export interface RawOffer {
  readonly tools?: readonly object[];
  readonly capabilities?: object;
}

const TOOL = { name: 'tool', description: 'Does what it is told.', inputSchema: { type: 'object' } };
const META_KEY = '"io.modelcontextprotocol/protocolVersion"';

/** An upstream of one era that answers forwarded requests byte by byte as a test says. */
export class RawUpstream {
  /** Forwarded requests and notifications, oldest first. */
  readonly seen: RawExchange[] = [];
  /** Answers everything that goes through the gate. */
  script: RawScript = answering('{"content":[]}');
  /** What was said at each `initialize`, oldest first. */
  readonly opened: { readonly id: string; readonly params: ReturnType<typeof JSON.parse> }[] = [];
  readonly #ended = new Set<string>();
  readonly #forgotten = new Set<string>();
  /** Answers a GET that asks for the rest of a stream; without one it is 405. */
  resumption: ((exchange: Pick<RawExchange, 'headers' | 'response'>) => void) | undefined;
  /** Answers a GET for the stream of a session; without one it is 405. */
  stream: ((response: ServerResponse) => void) | undefined;
  readonly #events = new EventEmitter().setMaxListeners(0);
  #sessions = 0;

  private constructor(
    private readonly era: 'modern' | 'legacy',
    private readonly offer: RawOffer,
  ) {}

  static async start(
    era: 'modern' | 'legacy',
    offer: RawOffer = {},
  ): Promise<RawUpstream & { readonly url: string; close(): Promise<void>; reopen(): Promise<void> }> {
    const upstream = new RawUpstream(era, offer);
    const listen = (port?: number) => listenOnLoopback((request, response) => upstream.#serve(request, response), port);
    let http = await listen();
    return Object.assign(upstream, {
      url: `${http.origin}/mcp`,
      close: () => http.close(),
      /** After a close, where it was before. */
      reopen: async () => void (http = await listen(Number(new URL(http.origin).port))),
    });
  }

  /** Resolves with the first request seen, now or later, that fits. */
  async until(fits: (exchange: RawExchange) => boolean): Promise<RawExchange> {
    for (;;) {
      const found = this.seen.find(fits);
      if (found) return found;
      await once(this.#events, 'seen');
    }
  }

  /** Resolves when the session has been ended by DELETE. */
  async untilEnded(sessionId: string): Promise<void> {
    while (!this.#ended.has(sessionId)) await once(this.#events, 'ended');
  }

  /** Answers all sessions of now with 404, as a server does that has started anew. */
  forgetSessions(): void {
    for (const { id } of this.opened) this.#forgotten.add(id);
  }

  /** Resolves when so many requests with the text were seen. */
  async untilSeen(count: number, text: string): Promise<void> {
    while (this.seen.filter(({ body }) => body.includes(text)).length < count) await once(this.#events, 'seen');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const session = String(request.headers['mcp-session-id']);
    if (request.method === 'DELETE') {
      this.#ended.add(session);
      this.#events.emit('ended');
    }
    if (request.method === 'GET' && this.resumption && request.headers['last-event-id'] !== undefined) {
      return this.resumption({ headers: request.headers, response });
    }
    if (request.method === 'GET' && this.stream) return this.stream(response);
    if (request.method !== 'POST') return void response.writeHead(request.method === 'DELETE' ? 200 : 405).end();
    if (this.#forgotten.has(session)) return void response.writeHead(404).end();
    const id = /"id":("(?:[^"\\]|\\.)*"|[^,}]*)/.exec(body)?.[1] ?? '';
    const exchange = { body, id, headers: request.headers, request, response };
    const own = this.#ownAnswer(body, response);
    if (own !== undefined) return sendResult(exchange, own);
    this.seen.push(exchange);
    this.#events.emit('seen');
    if (id === '' || !body.includes('"method"') || body.includes('"notifications/'))
      return void response.writeHead(202).end();
    await this.script(exchange);
  }

  /** Opening and lists. */
  #ownAnswer(body: string, response: ServerResponse): string | undefined {
    const modern = body.includes(META_KEY);
    if (modern !== (this.era === 'modern')) return undefined;
    const { method, params } = JSON.parse(body) as { method: string; params: unknown };
    const { tools = [TOOL], capabilities = { tools: {}, resources: {}, prompts: {}, completions: {} } } = this.offer;
    const results: Readonly<Record<string, object>> = {
      'server/discover': { supportedVersions: ['2026-07-28'], capabilities },
      initialize: { protocolVersion: '2025-11-25', capabilities, serverInfo: { name: 'raw', version: '1' } },
      'tools/list': { tools },
      'resources/list': { resources: [{ uri: 'raw://one', name: 'one' }] },
      'resources/templates/list': { resourceTemplates: [{ uriTemplate: 'raw://many/{id}', name: 'many' }] },
      'prompts/list': { prompts: [{ name: 'prompt' }] },
    };
    if (method === 'initialize') {
      const id = `raw-${++this.#sessions}`;
      this.opened.push({ id, params });
      response.setHeader('mcp-session-id', id);
    }
    const result = results[method];
    return result && JSON.stringify(modern ? { ...result, resultType: 'complete' } : result);
  }
}

/** A script that answers in JSON with this result, JSON text. */
export function answering(result: string): RawScript {
  return (exchange) => sendResult(exchange, result);
}

export function sendResult({ id, response }: Pick<RawExchange, 'id' | 'response'>, result: string): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(`{"jsonrpc":"2.0","id":${id},"result":${result}}`);
}

/** A script that answers in JSON with this error, JSON text. */
export function failing(error: string, status = 200): RawScript {
  return ({ id, response }) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(`{"jsonrpc":"2.0","id":${id},"error":${error}}`);
  };
}

/** One event of a stream around JSON text. */
export const eventOf = (message: string): string => `event: message\ndata: ${message}\n\n`;
