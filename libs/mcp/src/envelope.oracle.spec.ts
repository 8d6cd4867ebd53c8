import type { IncomingHttpHeaders } from 'node:http';
import { classifyInboundRequest, createMcpHandler, isLegacyRequest, McpServer } from '@modelcontextprotocol/server';
import { describe, expect, it } from 'vitest';
import { EnvelopeRefusal } from './envelope-refusal.js';
import { openEnvelope } from './envelope.js';
import { META_KEYS } from './meta-keys.js';

const VERSION = META_KEYS.protocolVersion;
const CAPABILITIES = META_KEYS.clientCapabilities;
const META = { [VERSION]: '2026-07-28', [CAPABILITIES]: {} };

const VERSIONS = [undefined, '2025-11-25', '2026-07-28', '2027-01-01'];
const METHODS = ['tools/list', 'tools/call', 'initialize', 'ping', 'nope/nope', 'server/discover'];
const METAS: readonly unknown[] = [
  undefined,
  {},
  'text',
  META,
  { [VERSION]: '2026-07-28' },
  { ...META, [VERSION]: 20260728 },
  { ...META, [VERSION]: '2025-11-25' },
  { ...META, [VERSION]: '2027-01-01' },
  { ...META, [CAPABILITIES]: [] },
  { ...META, [META_KEYS.clientInfo]: { name: 'a' } },
  { ...META, [META_KEYS.clientInfo]: { name: 'a', version: '1' } },
  { ...META, [META_KEYS.logLevel]: 'loud' },
];
const NAMES = [undefined, 'echo', ' echo ', 'rm', '=?base64?ZWNobw==?=', '=?base64?ZWNobw?='];

interface Row {
  readonly body: Record<string, unknown> | unknown[];
  readonly version: string | undefined;
  readonly method: string | undefined;
  readonly name: string | undefined;
}

function requestRows(): Row[] {
  const rows: Row[] = [];
  for (const method of METHODS) {
    for (const meta of METAS) {
      const params = { ...(method === 'tools/call' && { name: 'echo' }), ...(meta !== undefined && { _meta: meta }) };
      const body = {
        jsonrpc: '2.0',
        id: 1,
        method,
        params: method === 'initialize' ? { ...INITIALIZE, ...params } : params,
      };
      for (const version of VERSIONS) {
        for (const header of [undefined, method, 'other/method']) {
          for (const name of method === 'tools/call' ? NAMES : [undefined])
            rows.push({ body, version, method: header, name });
        }
      }
    }
  }
  return rows;
}
const INITIALIZE = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'a', version: '1' } };

function otherRows(): Row[] {
  const bodies = [
    { jsonrpc: '2.0', method: 'notifications/cancelled' },
    { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1, _meta: META } },
    { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1, _meta: { [VERSION]: 5 } } },
    { jsonrpc: '2.0', id: 1, result: {} },
    { jsonrpc: '2.0', id: 1, error: { code: 1, message: 'no' } },
    { jsonrpc: '2.0', id: 1.5, method: 'ping' },
    { jsonrpc: '2.0', id: null, method: 'ping' },
    { jsonrpc: '2.0', id: 1 },
    { jsonrpc: '1.0', id: 1, method: 'ping' },
    { id: 1, method: 'ping' },
    {},
    [],
    [{ jsonrpc: '2.0', id: 1, method: 'ping' }],
    [{ jsonrpc: '2.0', id: 1, method: 'ping', params: { _meta: META } }],
  ];
  return bodies.flatMap((body) =>
    VERSIONS.flatMap((version) =>
      ['notifications/cancelled', 'x'].map((method) => ({ body, version, method, name: undefined })),
    ),
  );
}

function headersOf(row: Row): IncomingHttpHeaders {
  return {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-session-id': 's',
    'mcp-protocol-version': row.version,
    'mcp-method': row.method,
    'mcp-name': row.name,
  };
}

/** `legacy`, `modern`, or the HTTP status and code of the refusal. */
function ours(row: Row): string {
  const opened = openEnvelope({
    door: 'mcp',
    headers: headersOf(row),
    body: Buffer.from(JSON.stringify(row.body)),
    limits: { maxDepth: 20, maxBatch: 100 },
  });
  const entry = opened instanceof EnvelopeRefusal ? opened : opened.entries[0];
  if (entry === undefined) return 'nothing';
  return entry instanceof EnvelopeRefusal ? `${entry.httpStatus} ${entry.code}` : entry.era;
}

function theirs(row: Row): string {
  const route = classifyInboundRequest({
    httpMethod: 'POST',
    body: row.body,
    ...(row.version !== undefined && { protocolVersionHeader: row.version }),
    ...(row.method !== undefined && { mcpMethodHeader: row.method }),
    ...(row.name !== undefined && { mcpNameHeader: row.name }),
  });
  return route.kind === 'reject' ? `${route.httpStatus} ${route.code}` : route.kind;
}

function webRequest(row: Row): Request {
  const sent = Object.entries(headersOf(row)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return new Request('http://localhost/mcp', { method: 'POST', headers: sent, body: JSON.stringify(row.body) });
}

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'oracle', version: '1' });
  server.registerTool('echo', { description: 'answers nothing' }, () => ({ content: [] }));
  return server;
});

/** What the SDK's server answers to a modern row: `modern`, or the HTTP status and code of its error. */
async function theirAnswer(row: Row): Promise<string> {
  const response = await handler.fetch(webRequest(row));
  const text = await response.text();
  const code = /"code":(-\d+)/.exec(text)?.[1];
  return code === undefined ? 'modern' : `${response.status} ${code}`;
}

/** Where the ladder is stricter than the SDK or puts its steps in another order. */
function isKnownDifference(row: Row, sdk: string, gate: string): boolean {
  const { body } = row;
  // A claim in the body makes even `initialize` modern; the SDK asks first whether the claim is a good one.
  if (!Array.isArray(body) && body['method'] === 'initialize') return JSON.stringify(body).includes(VERSION);
  // The SDK leaves it to its legacy side to wonder about batches and responses under a later version header.
  if (sdk === 'legacy') return gate === '400 -32600' && row.version !== undefined;
  // A version that is not served wins over an Mcp-Method that disagrees, not only over a missing one.
  return sdk === '400 -32020' && gate === '400 -32022';
}

async function sdk(row: Row): Promise<string> {
  const route = theirs(row);
  return route === 'modern' ? await theirAnswer(row) : route;
}

describe(openEnvelope.name, () => {
  it.each([
    ['requests', requestRows()],
    ['other messages', otherRows()],
  ])('judges %s as the SDK does', async (_, rows) => {
    const disagreements: string[] = [];
    for (const row of rows) {
      const gate = ours(row);
      const expected = await sdk(row);
      // The SDK looks for a legacy method only after this point.
      if (gate === expected || (expected === 'legacy' && gate === '200 -32601')) continue;
      if (!isKnownDifference(row, expected, gate))
        disagreements.push(`${expected}, but ${gate}: ${JSON.stringify(row)}`);
    }
    expect(disagreements).toEqual([]);
    expect(rows.length).toBeGreaterThan(100);
  });

  it('agrees with isLegacyRequest on what it lets in', async () => {
    for (const row of requestRows()) {
      const gate = ours(row);
      if (gate !== 'legacy' && gate !== 'modern') continue;
      expect([row, await isLegacyRequest(webRequest(row))]).toEqual([row, gate === 'legacy']);
    }
  });
});
