import { type McpCall, mcpCall, META_KEYS, NEWEST_MODERN, scanJson } from '#libs/mcp';
import { randomUUID } from 'node:crypto';
import { GATE_IDENTITY } from '../../config/gate-identity.js';

// A REST body is at most 30 deep.
const DEEPEST = 64;

/** The MCP request that a REST route stands for, as a client of the newest revision that can nothing would send it. */
export function mcpRequest(method: string, targetName: string, given: Readonly<Record<string, unknown>>): McpCall {
  const meta = {
    [META_KEYS.protocolVersion]: NEWEST_MODERN,
    [META_KEYS.clientInfo]: GATE_IDENTITY,
    [META_KEYS.clientCapabilities]: {},
  };
  const params = { ...given, _meta: meta };
  const id = randomUUID();
  const value = { jsonrpc: '2.0', id, method, params };
  const bytes = Buffer.from(JSON.stringify(value));
  const scan = scanJson(bytes, DEEPEST);
  if (typeof scan === 'string') throw new RangeError('a message made by JSON.stringify is balanced');
  return mcpCall(
    { kind: 'request', id, method, params, meta, value, bytes, scan },
    'modern',
    NEWEST_MODERN,
    targetName,
  );
}
