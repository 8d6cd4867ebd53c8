import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawExchange } from '../../fixtures/raw-connection.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { startDualEraUpstream } from '../../fixtures/upstreams/dual-era-upstream.js';
import type { TestUpstream } from '../../fixtures/upstreams/test-upstream.js';
import { modernMessage } from './raw-caller.js';

const LISTED = ['X-Tenant-Id', 'X-Trace'];
const LONGEST = 4096;

/** Byte for byte, since clients refuse to send most of it. */
describe('a caller who plays with the headers that are passed on', () => {
  let running: RunningGateway;
  let upstream: TestUpstream;
  let path: string;
  let token: string;
  beforeAll(async () => {
    running = await RunningGateway.start({ ENABLE_HEADER_PASSTHROUGH: 'true' });
    upstream = await startDualEraUpstream();
    const { id } = await running.register('attacked', upstream.url, { passthrough_headers: LISTED });
    path = `/servers/${(await running.serve(id, { tool_naming: 'original' })).id}/mcp`;
    token = await running.mint('attacks');
  });
  afterAll(async () => {
    await running.stop();
    await upstream.close();
  });

  /** The status, and what the upstream saw of headers that only a caller can have sent. */
  async function send(...lines: string[]): Promise<{ status: number; seen: Record<string, string> | undefined }> {
    const before = upstream.calls.of('tools/call').length;
    const { body, headers } = modernMessage('tools/call', { name: 'whoami', arguments: {} });
    const own = { ...headers, accept: 'application/json, text/event-stream', 'content-type': 'application/json' };
    const answer = await rawExchange(
      running.url,
      [
        `POST ${path} HTTP/1.1`,
        `Host: ${new URL(running.url).host}`,
        `Authorization: Bearer ${token}`,
        ...Object.entries(own).map(([name, value]) => `${name}: ${String(value)}`),
        `Content-Length: ${Buffer.byteLength(body)}`,
        ...(lines.some((line) => /^connection:/i.test(line)) ? [] : ['Connection: close']),
        ...lines,
      ],
      body,
    );
    const [call] = upstream.calls.of('tools/call').slice(before);
    return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]), seen: call?.headers as Record<string, string> };
  }

  it.each<[string, string, string]>([
    ['a plain value', 'red', 'red'],
    ['blanks around it', ' \t red \t', 'red'],
    ['a tab within', 'r\ted', 'red'],
    ['a control character of latin1', 'r\x85ed', 'red'],
    ['the longest value', 'x'.repeat(LONGEST), 'x'.repeat(LONGEST)],
  ])('gets it passed on, cleaned: %s', async (_, given, value) => {
    expect(await send(`X-Tenant-Id: ${given}`)).toMatchObject({ status: 200, seen: { 'x-tenant-id': value } });
  });

  it.each<[string, string[]]>([
    ['one byte more than the longest', [`X-Tenant-Id: ${'x'.repeat(LONGEST + 1)}`]],
    ['nothing but blanks', ['X-Tenant-Id:  \t']],
    ['it twice', ['X-Tenant-Id: red', 'x-tenant-id: blue']],
    ['it for this connection alone', ['X-Tenant-Id: red', 'Connection: close, x-tenant-id']],
    ['a name that is not listed', ['X-Other: red']],
    ['a name that looks like a listed one', ['X_Tenant_Id: red', 'X-Tenant-Idd: red']],
  ])('gets nothing passed on: %s', async (_, lines) => {
    const { status, seen = {} } = await send(...lines);
    expect(status).toBe(200);
    expect(Object.keys(seen).filter((name) => /tenant|other/.test(name))).toEqual([]);
  });

  it.each<[string, string[]]>([
    ['CR', ['X-Tenant-Id: red\rX-Evil: 1']],
    ['LF', ['X-Tenant-Id: red\nX-Evil 1']],
    ['NUL', ['X-Tenant-Id: red\0']],
    ['another control character', ['X-Tenant-Id: red\x07']],
    ['a folded line', ['X-Tenant-Id: red', ' X-Evil: 1']],
    ['a blank before the colon', ['X-Tenant-Id : red']],
    ['a name with a control character', ['X-Ten\x01ant-Id: red']],
    ['another length', ['Content-Length: 3']],
    ['two framings', ['Transfer-Encoding: chunked']],
  ])('is refused before anything is called: %s', async (_, lines) => {
    expect(await send(...lines)).toEqual({ status: 400, seen: undefined });
  });

  it.each([
    'Cookie: jwt_token=canary',
    'Proxy-Authorization: Basic canary',
    'X-Forwarded-For: canary',
    'X-Forwarded-Host: canary',
    'X-Forwarded-User: canary',
    'Forwarded: for=canary',
    'X-Real-IP: canary',
    'X-Authenticated-User: canary',
    'X-Upstream-Authorization: Bearer canary',
    'Mcp-Param-Evil: canary',
    'Content-Language: canary',
    'TE: canary',
  ])('brings nothing of it to the upstream: %s', async (line) => {
    const { status, seen } = await send(line);
    expect(status).toBe(200);
    expect(JSON.stringify(seen)).not.toContain('canary');
    expect(JSON.stringify(seen)).not.toContain(token);
  });
});
