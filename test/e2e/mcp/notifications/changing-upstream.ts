import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type NodeIncomingMessageLike, toNodeHandler } from '@modelcontextprotocol/node';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { Server as LegacyServer } from '@modelcontextprotocol/sdk/server/index.js';
import {
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { tool } from '../../../fixtures/registry/growing-upstream.js';
import { listenOnLoopback, readJsonBody } from '../../../fixtures/upstreams/loopback-server.js';
import type { Era } from '../raw-gate.js';

export const LISTS = ['tools', 'prompts', 'resources'] as const;
export type List = (typeof LISTS)[number];

const NAME = { name: 'changing', version: '1.0.0' };
const RESOURCES = ['test://one', 'test://two'];

interface Listen {
  readonly params: { readonly notifications: { readonly resourceSubscriptions?: readonly string[] } };
}

interface Told {
  /** Says that the list is another. */
  list(list: List): Promise<void>;
  updated(uri: string): Promise<void>;
}

/** An upstream on an official SDK whose lists change, and who says so. */
export class ChangingUpstream {
  readonly #events = new EventEmitter().setMaxListeners(0);
  /** With what they were asked for. */
  readonly #open = new Map<ServerResponse, unknown>();
  #followed = false;
  /** How many streams were opened in all. */
  opened = 0;
  readonly offered: Record<List, string[]> = { tools: ['first'], prompts: ['first'], resources: [...RESOURCES] };

  private constructor(readonly capabilities: ReturnType<typeof capabilitiesOf>) {}

  static async start(era: Era, { listChanged = true, subscribe = true } = {}) {
    const upstream = new ChangingUpstream(capabilitiesOf(listChanged, subscribe));
    const { serve, told, close, subscribedTo } = era === 'modern' ? modern(upstream) : legacy(upstream);
    const http = await listenOnLoopback(async (request, response) => {
      const body = await readJsonBody(request);
      const method = typeof body === 'object' && body && 'method' in body ? body.method : undefined;
      // The last list of a crawl.
      if (method === 'prompts/list') upstream.#crawled(response);
      if (request.method === 'GET' || method === 'subscriptions/listen') upstream.#watch(response, body);
      await serve(request, response, body);
    });
    const end = async (): Promise<void> => {
      await close();
      await http.close();
    };
    return Object.assign(upstream, { url: `${http.origin}/mcp`, told, subscribedTo, close: end });
  }

  /** Resolves when it was crawled after its stream was opened. */
  async untilFollowed(): Promise<void> {
    while (!this.#followed) await once(this.#events, 'crawl');
  }

  /** That are open. */
  get streams(): number {
    return this.#open.size;
  }

  /** Resolves when so many are open. */
  async untilOpen(count: number): Promise<void> {
    while (this.#open.size !== count) await once(this.#events, 'stream');
  }

  /** The resources that open listeners of 2026-07-28 asked for. */
  get listenedTo(): string[] {
    const asked = [...this.#open.values()] as readonly Listen[];
    return asked.flatMap(({ params }) => params.notifications.resourceSubscriptions ?? []);
  }

  /** Breaks the streams that are open. */
  hangUp(): void {
    for (const response of this.#open.keys()) response.destroy();
  }

  toolDefinitions = () => this.offered.tools.map((name) => tool(name));
  promptDefinitions = () => this.offered.prompts.map((name) => ({ name }));
  resourceDefinitions = () => this.offered.resources.map((uri) => ({ uri, name: uri }));

  #crawled(response: ServerResponse): void {
    response.once('finish', () => {
      this.#followed ||= this.opened > 0;
      this.#events.emit('crawl');
    });
  }

  #watch(response: ServerResponse, body: unknown): void {
    // Only what turns out to be a stream.
    const { flushHeaders, writeHead } = response;
    const count = (): void => {
      if (this.#open.has(response) || response.statusCode !== 200) return;
      this.#open.set(response, body);
      this.opened += 1;
      setImmediate(() => this.#events.emit('stream'));
      response.once('close', () => {
        this.#open.delete(response);
        this.#events.emit('stream');
      });
    };
    response.writeHead = ((...args: Parameters<typeof writeHead>) => {
      const written = writeHead.apply(response, args);
      count();
      return written;
    }) as typeof writeHead;
    response.flushHeaders = () => {
      flushHeaders.call(response);
      count();
    };
  }
}

function capabilitiesOf(listChanged: boolean, subscribe: boolean) {
  return { tools: { listChanged }, prompts: { listChanged }, resources: { listChanged, subscribe } };
}

interface Served {
  serve(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void>;
  readonly told: Told;
  /** All that is subscribed to, as often as it is. */
  subscribedTo(): string[];
  close(): Promise<void>;
}

function modern(upstream: ChangingUpstream): Served {
  const handler = createMcpHandler(
    () => {
      const mcp = new McpServer(NAME, { capabilities: upstream.capabilities });
      mcp.server.setRequestHandler('tools/list', () => ({ tools: upstream.toolDefinitions() as never }));
      mcp.server.setRequestHandler('prompts/list', () => ({ prompts: upstream.promptDefinitions() }));
      mcp.server.setRequestHandler('resources/list', () => ({ resources: upstream.resourceDefinitions() }));
      mcp.server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: [] }));
      return mcp;
    },
    { keepAliveMs: 0, legacy: 'reject' },
  );
  const serve = toNodeHandler(handler);
  const { notify } = handler;
  const lists = { tools: notify.toolsChanged, prompts: notify.promptsChanged, resources: notify.resourcesChanged };
  return {
    serve: (request, response, body) => serve(withDefiniteLine(request), response, body),
    told: { list: async (list) => lists[list](), updated: async (uri) => notify.resourceUpdated(uri) },
    subscribedTo: () => upstream.listenedTo.sort(),
    close: () => handler.close(),
  };
}

function withDefiniteLine(request: IncomingMessage): NodeIncomingMessageLike {
  const { method = 'GET', url = '/', headers } = request;
  return { method, url, headers, [Symbol.asyncIterator]: () => request[Symbol.asyncIterator]() };
}

interface Session {
  readonly server: LegacyServer;
  readonly transport: StreamableHTTPServerTransport;
  readonly subscribed: Set<string>;
}

function legacy(upstream: ChangingUpstream): Served {
  const sessions = new Map<string, Session>();
  const all = async (tell: (session: Session) => Promise<void>): Promise<void> => {
    await Promise.all([...sessions.values()].map(tell));
  };
  const changed = {
    tools: ({ server }: Session) => server.sendToolListChanged(),
    prompts: ({ server }: Session) => server.sendPromptListChanged(),
    resources: ({ server }: Session) => server.sendResourceListChanged(),
  };
  return {
    serve: async (request, response, body) => {
      const id = request.headers['mcp-session-id'];
      const known = typeof id === 'string' ? sessions.get(id) : await opened(upstream, sessions);
      if (!known) return void response.writeHead(404).end();
      await known.transport.handleRequest(request, response, body);
    },
    told: {
      list: (list) => all(changed[list]),
      updated: (uri) =>
        all(async ({ server, subscribed }) => {
          if (subscribed.has(uri)) await server.sendResourceUpdated({ uri });
        }),
    },
    subscribedTo: () => [...sessions.values()].flatMap(({ subscribed }) => [...subscribed]).sort(),
    close: () => all(({ transport }) => transport.close()),
  };
}

async function opened(upstream: ChangingUpstream, sessions: Map<string, Session>): Promise<Session> {
  const server = new LegacyServer(NAME, { capabilities: upstream.capabilities });
  const subscribed = new Set<string>();
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: upstream.toolDefinitions() }) as never);
  server.setRequestHandler(ListPromptsRequestSchema, () => ({ prompts: upstream.promptDefinitions() }));
  server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources: upstream.resourceDefinitions() }));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: [] }));
  server.setRequestHandler(SubscribeRequestSchema, ({ params }) => {
    subscribed.add(params.uri);
    return {};
  });
  server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => {
    subscribed.delete(params.uri);
    return {};
  });
  const session: Session = {
    server,
    subscribed,
    transport: new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, session),
      onsessionclosed: (id) => void sessions.delete(id),
    }),
  };
  await server.connect(session.transport);
  return session;
}
