import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import { EnvelopeRefusal } from './envelope-refusal.js';
import { openEnvelope } from './envelope.js';
import { META_KEYS } from './meta-keys.js';
import { SERVED_SSE } from './revisions.js';

function open(message: unknown, headers: IncomingHttpHeaders = {}): string {
  const opened = openEnvelope({
    door: 'sse',
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify(message)),
    limits: { maxDepth: 20, maxBatch: 3 },
  });
  if (opened instanceof EnvelopeRefusal) return `${opened.httpStatus} ${opened.code} ${opened.message}`;
  return opened.entries
    .map((entry) => (entry instanceof EnvelopeRefusal ? entry.code : `${entry.revision} ${entry.kind}`))
    .join();
}
const message = (more: object): object => ({ jsonrpc: '2.0', ...more });
const modern = { _meta: { [META_KEYS.protocolVersion]: '2026-07-28' } };
const LIST = SERVED_SSE.join(', ');

describe('a message over HTTP+SSE', () => {
  it.each([
    ...SERVED_SSE.map((revision) => [revision, revision] as const),
    ['2026-07-28', '2025-11-25'] as const,
    ['1999-01-01', '2025-11-25'] as const,
  ])('that asks for %s opens a session of %s', (asked, revision) => {
    const initialize = message({ id: 1, method: 'initialize', params: { protocolVersion: asked } });
    expect(open(initialize)).toBe(`${revision} request`);
  });

  it.each(SERVED_SSE)('may name %s in a header, and needs no Accept', (version) => {
    expect(open(message({ id: 1, method: 'ping' }), { 'mcp-protocol-version': version })).toBe(`${version} request`);
  });

  it('may be an answer, or a batch', () => {
    expect(open(message({ id: 1, result: {} }))).toBe('2025-03-26 response');
    expect(open([message({ id: 1, method: 'ping' }), message({ id: 2, result: {} })])).toBe(
      '2025-03-26 request,2025-03-26 response',
    );
  });

  it('is not of 2026-07-28, which its client is told on the stream', () => {
    const text = `200 -32022 Unsupported protocol version: 2026-07-28. Supported versions: ${LIST}`;
    expect(open(message({ id: 1, method: 'server/discover', params: modern }))).toBe(text);
    expect(open(message({ method: 'notifications/x' }), { 'mcp-protocol-version': '2026-07-28' })).toBe(text);
  });

  it('is not of a revision that nobody knows', () => {
    const text = `400 -32600 Unsupported protocol version: 1999-01-01. Supported versions: ${LIST}`;
    expect(open(message({ id: 1, method: 'ping' }), { 'mcp-protocol-version': '1999-01-01' })).toBe(text);
  });
});
