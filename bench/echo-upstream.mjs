// An MCP upstream that costs as little as a node:http server can: the bodies are made once, only the id is filled in.
// /mcp/20 lists 20 tools, /mcp/500 lists 500. Both eras, no sessions. The tool tool_001 answers with as many bytes of the guides
// as its `limit` says. Writes {"port":…} on its first line of output.
import { createServer } from 'node:http';
import { GUIDES_TEXT } from './guides-text.mjs';

const MODERN = '2026-07-28';
const LEGACY = '2025-11-25';
const SERVER_INFO = { name: 'echo-upstream', version: '1.0.0' };
const CAPABILITIES = { tools: {} };

/** What the load sends first and what a gateway that forwards the received bytes sends on; anything else is parsed. */
const USUAL = /^\{"jsonrpc":"2\.0","id":(\d+),"method":"([a-z/]+)"/;

const modern = { resultType: 'complete' };
const cacheable = { ...modern, ttlMs: 60_000, cacheScope: 'public' };
const content = [{ type: 'text', text: 'The quick brown fox jumps over the lazy dog, and then it rests.' }];

/** Method → the tail of the answer behind the id, for each era and list length. */
const answers = {
  modern: { 20: modernTails(20), 500: modernTails(500) },
  legacy: { 20: legacyTails(20), 500: legacyTails(500) },
};

function modernTails(tools) {
  return tails({
    'server/discover': { supportedVersions: [MODERN], capabilities: CAPABILITIES, ...cacheable },
    'tools/list': { tools: manyTools(tools), ...cacheable },
    'resources/list': { resources: [], ...cacheable },
    'resources/templates/list': { resourceTemplates: [], ...cacheable },
    'prompts/list': { prompts: [], ...cacheable },
    'tools/call': { content, ...modern },
  });
}

function legacyTails(tools) {
  return tails({
    initialize: { protocolVersion: LEGACY, capabilities: CAPABILITIES, serverInfo: SERVER_INFO },
    ping: {},
    'tools/list': { tools: manyTools(tools) },
    'resources/list': { resources: [] },
    'resources/templates/list': { resourceTemplates: [] },
    'prompts/list': { prompts: [] },
    'tools/call': { content },
  });
}

function tails(results) {
  return new Map(
    Object.entries(results).map(([method, result]) => [method, Buffer.from(`,"result":${JSON.stringify(result)}}`)]),
  );
}

/** `echo` and its like, about 450 bytes each, as servers in the wild describe their tools. */
function manyTools(count) {
  return Array.from({ length: count }, (_, index) => ({
    name: index === 0 ? 'echo' : `tool_${String(index).padStart(3, '0')}`,
    title: 'A tool of the bench',
    description:
      'Answers with a fixed text, whatever it is asked. It is here to give the list of tools a usual length.',
    inputSchema: {
      type: 'object',
      properties: {
        text: { type: 'string', description: 'Any text.' },
        limit: { type: 'integer', minimum: 1, maximum: 100, description: 'Not used.' },
        tags: { type: 'array', items: { type: 'string' }, description: 'Not used either.' },
      },
      required: ['text'],
    },
    annotations: { readOnlyHint: true, openWorldHint: false },
  }));
}

function answer(request, response, body) {
  const usual = USUAL.exec(body.latin1Slice(0, Math.min(body.length, 96)));
  const parsed = usual ? undefined : JSON.parse(body.toString());
  if (parsed && parsed.id === undefined) {
    response.writeHead(202).end();
    return;
  }
  const id = usual ? usual[1] : JSON.stringify(parsed.id);
  const method = usual ? usual[2] : parsed.method;
  const era = request.headers['mcp-protocol-version'] === MODERN ? 'modern' : 'legacy';
  const tail = longAnswer(method, body) ?? answers[era][request.url.endsWith('/500') ? 500 : 20].get(method);
  send(response, tail ? 200 : 404, `{"jsonrpc":"2.0","id":${id}`, tail ?? notFound(method));
}

const LONG = /"name":"tool_001","arguments":\{"limit":(\d+)\}/;
const longAnswers = new Map();

function longAnswer(method, body) {
  const bytes = method === 'tools/call' ? LONG.exec(body.latin1Slice(0, Math.min(body.length, 512)))?.[1] : undefined;
  if (bytes === undefined) return undefined;
  let tail = longAnswers.get(bytes);
  if (!tail) {
    const result = { content: [{ type: 'text', text: GUIDES_TEXT.slice(0, Number(bytes)) }], ...modern };
    longAnswers.set(bytes, (tail = Buffer.from(`,"result":${JSON.stringify(result)}}`)));
  }
  return tail;
}

function notFound(method) {
  return Buffer.from(`,"error":${JSON.stringify({ code: -32601, message: `Method not found: ${method}` })}}`);
}

/** A short answer goes out as one text with the headers; copying a long one would cost more than a second write. */
function send(response, status, head, tail) {
  const length = Buffer.byteLength(head) + tail.length;
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': length });
  if (length < 4_096) {
    response.end(head + tail.latin1Slice());
    return;
  }
  response.write(head);
  response.end(tail);
}

const server = createServer({ keepAliveTimeout: 120_000, requestTimeout: 0 }, (request, response) => {
  if (request.method !== 'POST') {
    response.writeHead(405).end();
    return;
  }
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => answer(request, response, chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
});
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })));
