import type { JsonObject } from '#libs/mcp';
import type { CaseCall, PluginCase } from '../../../src/plugins/plugin-case.js';
import { eventsOf, jsonOf, type RawAnswer } from '../mcp/raw-caller.js';
import type { Era, RawGate } from '../mcp/raw-gate.js';
import { answering, eventOf, type RawScript } from '../mcp/raw-upstream.js';
import { SseClient } from '../mcp/sse/sse-client.js';

type Kind = NonNullable<CaseCall['kind']>;
type Outcome = PluginCase['expect'];

/** One way in: how a call is asked there, and what is told back. */
export interface Door {
  readonly name: string;
  readonly kinds: readonly Kind[];
  readonly upstream: Era;
  readonly ask: (gate: RawGate, method: string, params: JsonObject) => Promise<Told>;
  /** How the upstream says its result. */
  readonly script?: (result: string) => RawScript;
}

interface Told {
  readonly status: number;
  /** A JSON-RPC answer, or the body of REST. */
  readonly body: ReturnType<typeof JSON.parse>;
}

const ALL: readonly Kind[] = ['tool', 'prompt', 'resource'];
const told = (answer: RawAnswer): Told => ({
  status: answer.status,
  body: String(answer.headers['content-type']).startsWith('text/event-stream')
    ? eventsOf(answer).at(-1)
    : jsonOf(answer),
});
const rest = ({ status, body }: { status: number; body: unknown }): Told => ({ status, body });

/** The upstream answers in events, after a notification. */
const inEvents =
  (result: string): RawScript =>
  ({ id, response }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(
      eventOf('{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"begun"}}'),
    );
    response.end(eventOf(`{"jsonrpc":"2.0","id":${id},"result":${result}}`));
  };

const BATCH = { 'mcp-protocol-version': '2025-03-26' };

export const DOORS: readonly Door[] = [
  {
    name: '/mcp, 2026-07-28',
    kinds: ALL,
    upstream: 'modern',
    ask: async ({ callers }, method, params) => told(await callers.modern.modern(method, params)),
  },
  {
    name: '/mcp, 2025-11-25',
    kinds: ALL,
    upstream: 'legacy',
    ask: async ({ callers }, method, params) => told(await callers.legacy.legacy(method, params)),
  },
  {
    name: '/mcp, in events',
    kinds: ALL,
    upstream: 'legacy',
    script: inEvents,
    ask: async ({ callers }, method, params) => told(await callers.legacy.legacy(method, params)),
  },
  {
    name: '/mcp, in a batch',
    kinds: ALL,
    upstream: 'legacy',
    ask: async ({ callers }, method, params) => {
      const messages = [
        { jsonrpc: '2.0', id: 1, method: 'ping' },
        { jsonrpc: '2.0', id: 2, method, params },
      ];
      const answer = await callers.legacy.post(JSON.stringify(messages), BATCH);
      return { status: answer.status, body: jsonOf(answer).find(({ id }: { id: number }) => id === 2) };
    },
  },
  {
    name: '/rpc',
    kinds: ALL,
    upstream: 'legacy',
    ask: async (gate, method, params) => {
      const serverId = new URL(gate.callers.legacy.endpoint).pathname.split('/')[2];
      return told(await gate.at({ path: '/rpc' }).legacy(method, { ...params, server_id: serverId }));
    },
  },
  {
    name: '/sse',
    kinds: ALL,
    upstream: 'legacy',
    ask: async ({ running, token, callers }, method, params) => {
      const path = new URL(callers.legacy.endpoint).pathname.replace(/\/mcp$/, '/sse');
      const client = await SseClient.open({ running, token, path }, {});
      const body: unknown = await client.request(method, params);
      client.close();
      return { status: 202, body };
    },
  },
  {
    name: 'POST /prompts/{id}',
    kinds: ['prompt'],
    upstream: 'legacy',
    ask: async ({ running }, _, params) => {
      const { body } = await running.rest('GET', '/prompts');
      const { id } =
        body.find(({ gatewaySlug }: { gatewaySlug?: string }) => gatewaySlug === 'legacy-upstream') ?? body.at(-1);
      return rest(await running.rest('POST', `/prompts/${id}`, params['arguments'] ?? {}));
    },
  },
];

const METHODS = {
  tool: { method: 'tools/call', name: { name: 'tool' }, empty: '{"content":[]}' },
  prompt: { method: 'prompts/get', name: { name: 'prompt' }, empty: '{"messages":[]}' },
  resource: { method: 'resources/read', name: { uri: 'raw://one' }, empty: '{"contents":[]}' },
} as const;

/** Asks a case at a door, and says what came of it as the table of cases says what it expects. */
export async function outcomeAt(door: Door, gate: RawGate, { call }: PluginCase): Promise<Outcome> {
  const { kind = 'tool', args, result } = call;
  const { method, name, empty } = METHODS[kind];
  const upstream = gate.upstreams[door.upstream];
  upstream.seen.length = 0;
  upstream.script = (door.script ?? answering)(result ? JSON.stringify(result) : empty);
  const { status, body } = await door.ask(gate, method, {
    ...name,
    ...(args && kind !== 'resource' && { arguments: args }),
  });
  const code = blockOf(body);
  if (code !== undefined) {
    if (door.name.startsWith('POST') && status < 400) throw new Error(`a block with the status ${status}`);
    return { blocked: code };
  }
  const seen = upstream.seen.at(-1);
  const sent = seen && (JSON.parse(seen.body) as { params: { arguments?: JsonObject } }).params.arguments;
  const got = resultIn(body, kind);
  const changed = {
    ...(args && kind !== 'resource' && sent && JSON.stringify(sent) !== JSON.stringify(args) && { args: sent }),
    ...(result && JSON.stringify(got) !== JSON.stringify(shown(result, door, kind)) && { result: got }),
  };
  return Object.keys(changed).length === 0 ? 'unchanged' : changed;
}

/** The code of the plugin that refused. */
function blockOf(body: Told['body']): string | undefined {
  const data = body.error?.data;
  if (data?.plugin_error_code !== undefined) return data.plugin_error_code;
  if (body.error) throw new Error(JSON.stringify(body.error));
  return typeof body.message === 'string' ? /: (\S+) - /.exec(body.message)?.[1] : undefined;
}

const OF_PROTOCOL = ['resultType', 'ttlMs', 'cacheScope'];

function resultIn(body: Told['body'], kind: Kind): JsonObject {
  const result = body.result ?? (kind === 'prompt' ? { messages: body.messages } : body);
  return Object.fromEntries(Object.entries(result as JsonObject).filter(([name]) => !OF_PROTOCOL.includes(name)));
}

const shown = (result: JsonObject, { name }: Door, kind: Kind): JsonObject =>
  name.startsWith('POST') && kind === 'prompt' ? { messages: result['messages'] } : result;
