import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { type LegacyUpstream, startLegacyUpstream } from '../../fixtures/upstreams/legacy-upstream.js';
import { RawGate } from './raw-gate.js';
import { eventOf } from './raw-upstream.js';
import { McpClient } from './sessions/mcp-client.js';

const ME = { name: 'asked', version: '1' };
const ABLE = { capabilities: { elicitation: {} } };
const FORM = { type: 'object', properties: { name: { type: 'string' } } } as const;
const ADA = { action: 'accept', content: { name: 'Ada' } } as const;

let gateway: RunningGateway;
let upstream: LegacyUpstream;
let endpoint: URL;
let token: string;
/** Calls that have not asked yet, once all are there. */
let together = 1;
let arrived: (() => void)[] = [];

/** Its tool asks without saying in the middle of which call, as the examples of the SDK do. */
function build() {
  const server = new McpServer({ name: 'asks', version: '1' });
  server.registerTool('greet', { description: 'Greets whoever says their name.' }, async () => {
    await new Promise<void>((resolve) => {
      arrived.push(resolve);
      if (arrived.length === together) for (const goOn of arrived.splice(0)) goOn();
    });
    try {
      const { content } = await server.server.elicitInput({ message: 'Who are you?', requestedSchema: FORM });
      return { content: [{ type: 'text', text: `Hello, ${String(content?.['name'])}` }] };
    } catch (error) {
      return { content: [{ type: 'text', text: (error as Error).message }], isError: true };
    }
  });
  return server.server;
}

beforeAll(async () => {
  gateway = await RunningGateway.start();
  upstream = await startLegacyUpstream({ sessions: true, build });
  const { id } = await gateway.register('asks', upstream.url);
  const server = await gateway.serve(id, { tool_naming: 'original' });
  endpoint = new URL(`${gateway.url}/servers/${server.id}/mcp`);
  token = await gateway.mint('asked');
});
afterAll(async () => {
  await upstream.close();
  await gateway.stop();
});

const withToken = () => ({ requestInit: { headers: { Authorization: `Bearer ${token}` } } });

describe('a question on the stream of an upstream’s session', () => {
  it('reaches a client in a session on the stream of its call', async () => {
    const client = new LegacyClient(ME, ABLE);
    client.setRequestHandler(ElicitRequestSchema, () => ADA);
    await client.connect(new LegacyTransport(endpoint, withToken()));
    expect(await client.callTool({ name: 'greet' })).toMatchObject({ content: [{ text: 'Hello, Ada' }] });
    await client.close();
  });

  it('reaches a client of 2026-07-28 as an input_required result', async () => {
    const client = new Client(ME, { ...ABLE, versionNegotiation: { mode: { pin: '2026-07-28' } } });
    client.setRequestHandler('elicitation/create', () => ADA);
    await client.connect(new StreamableHTTPClientTransport(endpoint, withToken()));
    expect(await client.callTool({ name: 'greet' })).toMatchObject({ content: [{ text: 'Hello, Ada' }] });
    await client.close();
  });

  it('is declined where it may belong to either of two calls', async () => {
    together = 2;
    const clients = [1, 2].map(() => new Client(ME, { ...ABLE, versionNegotiation: { mode: { pin: '2026-07-28' } } }));
    for (const client of clients) {
      client.setRequestHandler('elicitation/create', () => ADA);
      await client.connect(new StreamableHTTPClientTransport(endpoint, withToken()));
    }
    const answers = await Promise.all(clients.map((client) => client.callTool({ name: 'greet' })));
    for (const answer of answers) expect(answer).toMatchObject({ isError: true });
    await Promise.all(clients.map((client) => client.close()));
  });
});

describe('an upstream that never ends asking there', () => {
  const LIMIT = 65_536;
  let gate: RawGate;
  beforeAll(async () => {
    gate = await RawGate.start({ capabilities: { tools: {} } }, { MCP_MAX_RESPONSE_BYTES: String(LIMIT) });
  });
  afterAll(() => gate.stop());

  it('is heard no further than an answer may be long', async () => {
    const { legacy } = gate.upstreams;
    const params = { message: 'x'.repeat(1000), requestedSchema: { type: 'object' } };
    const ended = new Promise<void>((resolve) => {
      legacy.stream = (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.once('close', resolve);
        const ask = (id: number): void => {
          if (response.closed) return;
          response.write(eventOf(JSON.stringify({ jsonrpc: '2.0', id, method: 'elicitation/create', params })));
          setImmediate(ask, id + 1);
        };
        ask(0);
      };
    });
    legacy.script = async ({ id, response }) => {
      await ended;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(eventOf(`{"jsonrpc":"2.0","id":${id},"result":{"content":[]}}`));
    };
    const client = await McpClient.open(gate.at(), ABLE.capabilities);
    const body = (await client.request('tools/call', { name: 'tool' })).body.toString();
    expect(body).toContain('"result":{"content":[]}');
    expect(body.split('elicitation/create').length - 1).toBeLessThanOrEqual(LIMIT / 1000);
  });
});
