import { afterEach, describe, expect, it } from 'vitest';
import { startDualEraUpstream } from '../../../../test/fixtures/upstreams/dual-era-upstream.js';
import { startLegacyUpstream } from '../../../../test/fixtures/upstreams/legacy-upstream.js';
import { loopbackEgress } from '../../../../test/fixtures/upstreams/loopback-egress.js';
import { startRogueUpstream } from '../../../../test/fixtures/upstreams/rogue-upstream.js';
import { type Script, startScriptedUpstream } from '../../../../test/fixtures/upstreams/scripted-upstream.js';
import type { TestUpstream } from '../../../../test/fixtures/upstreams/test-upstream.js';
import { discoverUpstream, type UpstreamOptions } from './discovery.js';
import { UpstreamError } from './upstream-error.js';
import type { UpstreamTarget } from './upstream-target.js';

const egress = loopbackEgress();
const identity = { name: 'portcullis', version: '0.1.0' };
const options: UpstreamOptions = { identity, timeoutMs: 10_000, maxBytes: 1 << 20 };
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((upstream) => upstream.close()));
});

async function started<T extends TestUpstream>(starting: Promise<T>): Promise<T> {
  const upstream = await starting;
  open.push(upstream);
  return upstream;
}

function targetOf(url: string, extra: Partial<UpstreamTarget> = {}): UpstreamTarget {
  return { id: 'up', url: new URL(url), headers: { Authorization: 'Bearer s3cret-token' }, ...extra };
}

async function refusal(url: string, extra: Partial<UpstreamTarget> = {}, limits: Partial<UpstreamOptions> = {}) {
  const outcome: unknown = await discoverUpstream(egress, targetOf(url, extra), { ...options, ...limits }).catch(
    (error: unknown) => error,
  );
  if (!(outcome instanceof UpstreamError)) throw new Error('was not refused', { cause: outcome });
  return outcome;
}

const scripted = (script: Script) => started(startScriptedUpstream(script));
const initialized = {
  protocolVersion: '2025-06-18',
  capabilities: { tools: {} },
  serverInfo: { name: 's', version: '1' },
};
const discovered = { supportedVersions: ['2026-07-28'], capabilities: {}, resultType: 'complete' };
const refusedVersion = (supported: unknown) => ({
  status: 400,
  error: { code: -32022, message: 'Unsupported protocol version', data: { supported, requested: '2026-07-28' } },
});

describe(discoverUpstream, () => {
  it('recognises an upstream of both eras as modern and opens no session', async () => {
    const { url, calls } = await started(startDualEraUpstream());
    expect(await discoverUpstream(egress, targetOf(url), options)).toEqual({
      era: 'modern',
      revision: '2026-07-28',
      capabilities: expect.objectContaining({ tools: expect.any(Object) }),
      serverInfo: { name: 'dual-era-upstream', version: '1.0.0' },
      instructions: 'A server for tests.',
      sessionful: false,
    });
    expect(calls.requests).toHaveLength(1);
  });

  it('sends the whole envelope of the modern era, and the credentials', async () => {
    const { url, calls } = await started(startDualEraUpstream());
    await discoverUpstream(egress, targetOf(url), options);
    const [request] = calls.requests;
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer s3cret-token',
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'server/discover',
    });
    expect(request?.body).toMatchObject({
      params: {
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientInfo': identity,
          'io.modelcontextprotocol/clientCapabilities': { sampling: {}, elicitation: { form: {} }, roots: {} },
        },
      },
    });
  });

  it('recognises an upstream with sessions and leaves none behind', async () => {
    const upstream = await started(startLegacyUpstream({ sessions: true }));
    expect(await discoverUpstream(egress, targetOf(upstream.url), options)).toMatchObject({
      era: 'legacy',
      revision: '2025-11-25',
      serverInfo: { name: 'legacy-upstream' },
      instructions: 'A server for tests.',
      sessionful: true,
    });
    expect(upstream.calls.requests.map(({ rpcMethod, httpMethod }) => rpcMethod ?? httpMethod)).toEqual([
      'server/discover',
      'initialize',
      'notifications/initialized',
      'DELETE',
    ]);
    expect(upstream.sessions()).toEqual([]);
  });

  it('recognises a legacy upstream without sessions', async () => {
    const { url } = await started(startLegacyUpstream({ sessions: false }));
    expect(await discoverUpstream(egress, targetOf(url), options)).toMatchObject({ era: 'legacy', sessionful: false });
  });

  it('asks a legacy upstream for nothing it could ask back', async () => {
    const { url, calls } = await started(startLegacyUpstream({ sessions: true }));
    await discoverUpstream(egress, targetOf(url), options);
    expect(calls.of('initialize')[0]?.body).toMatchObject({
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: identity },
    });
    expect(calls.of('notifications/initialized')[0]?.headers).toMatchObject({
      'mcp-protocol-version': '2025-11-25',
      'mcp-session-id': expect.any(String),
    });
  });

  it.each([
    ['an empty result', { result: {} }],
    ['a result of another shape', { result: { supportedVersions: 'all', capabilities: {} } }],
    ['a result without capabilities', { result: { supportedVersions: ['2026-07-28'] } }],
    ['only legacy versions', { result: { supportedVersions: ['2025-11-25'], capabilities: {} } }],
    ['method not found with status 200', { error: { code: -32601, message: 'Method not found' } }],
    ['method not found with status 404', { status: 404, error: { code: -32601, message: 'Method not found' } }],
    ['HTTP 400 and an SDK text', { status: 400, error: { code: -32000, message: 'Server not initialized' } }],
    ['HTTP 400 and plain text', { status: 400, text: 'Bad Request' }],
    ['HTTP 404 and nothing', { status: 404 }],
    ['HTTP 405 and nothing', { status: 405 }],
    ['HTTP 406', { status: 406, text: '{}' }],
    ['HTML', { text: '<!doctype html>', headers: { 'content-type': 'text/html' } }],
    ['broken JSON', { text: '{"jsonrpc":', headers: { 'content-type': 'application/json' } }],
    ['a stream that ends without an answer', { text: ': hi\n\n', headers: { 'content-type': 'text/event-stream' } }],
    ['a refusal of the version without a list', refusedVersion(undefined)],
    ['a refusal of the version with legacy ones', refusedVersion(['2025-06-18', '2025-03-26'])],
    ['a refusal of the version with legacy and future ones', refusedVersion(['2027-01-01', '2025-06-18'])],
  ])('falls back to initialize on %s', async (_name, answer) => {
    const { url } = await scripted({ 'server/discover': answer, initialize: { result: initialized } });
    expect(await discoverUpstream(egress, targetOf(url), options)).toEqual({
      era: 'legacy',
      revision: '2025-06-18',
      capabilities: { tools: {} },
      serverInfo: { name: 's', version: '1' },
      instructions: undefined,
      sessionful: false,
    });
  });

  it('accepts an answer on an event stream and does not wait for the end of the stream', async () => {
    const message = JSON.stringify({ jsonrpc: '2.0', id: 1, result: discovered });
    const text = `: hello\r\nid: 1\r\ndata: \r\n\r\ndata: {"jsonrpc":"2.0","method":"notifications/x"}\r\n\r\ndata: ${message}\r\n\r\n`;
    const { url } = await scripted({
      'server/discover': { headers: { 'content-type': 'text/event-stream; charset=utf-8' }, text, ending: 'hang' },
    });
    expect(await discoverUpstream(egress, targetOf(url), options)).toMatchObject({ era: 'modern' });
  });

  it('asks once more in the version that a refusal offers', async () => {
    let asked = 0;
    const { url, calls } = await scripted({
      'server/discover': () => (++asked === 1 ? refusedVersion(['2026-07-28']) : { result: discovered }),
    });
    expect(await discoverUpstream(egress, targetOf(url), options)).toMatchObject({ era: 'modern' });
    expect(calls.requests).toHaveLength(2);
  });

  it('gives up when the offered version is refused too', async () => {
    const { url, calls } = await scripted({ 'server/discover': refusedVersion(['2026-07-28']) });
    expect(await refusal(url)).toMatchObject({ reason: 'unsupported_version' });
    expect(calls.requests).toHaveLength(2);
  });

  it.each([
    ['refuses the version and knows only future ones', refusedVersion(['2099-01-01'])],
    ['discovers only future ones', { result: { ...discovered, supportedVersions: ['2099-01-01'] } }],
  ])('has no common version with an upstream that %s', async (_name, answer) => {
    const { url, calls } = await scripted({ 'server/discover': answer, initialize: { result: initialized } });
    expect(await refusal(url)).toMatchObject({ reason: 'unsupported_version' });
    expect(calls.of('initialize')).toEqual([]);
  });

  it.each([401, 403])('takes HTTP %s for a question of credentials and draws no conclusion', async (status) => {
    const challenge = 'Bearer resource_metadata="https://example.org/.well-known/x"';
    const { url, calls } = await scripted({
      'server/discover': { status, headers: { 'www-authenticate': challenge } },
      initialize: { result: initialized },
    });
    expect(await refusal(url)).toMatchObject({ reason: 'auth_required', httpStatus: status, challenge });
    expect(calls.requests).toHaveLength(1);
  });

  it.each([408, 429, 500, 502, 503])('takes HTTP %s for an outage and draws no conclusion', async (status) => {
    const { url, calls } = await scripted({
      'server/discover': { status, text: 'secret stack trace' },
      initialize: { result: initialized },
    });
    const error = await refusal(url);
    expect(error).toMatchObject({ reason: 'unreachable', httpStatus: status });
    expect(error.message).not.toContain('secret');
    expect(calls.requests).toHaveLength(1);
  });

  it.each(['never_answers', 'headers_then_stall'] as const)('takes silence for an outage: %s', async (behaviour) => {
    const upstream = await started(startRogueUpstream());
    upstream.misbehave('server/discover', behaviour);
    expect(await refusal(upstream.url, {}, { timeoutMs: 100 })).toMatchObject({ reason: 'timeout' });
    expect(upstream.calls.requests).toHaveLength(1);
  });

  it('counts the time of both attempts together', async () => {
    const { url, calls } = await scripted({
      initialize: { ending: 'hang', headers: { 'content-type': 'application/json' } },
    });
    expect(await refusal(url, {}, { timeoutMs: 200 })).toMatchObject({ reason: 'timeout' });
    expect(calls.of('initialize')).toHaveLength(1);
  });

  it('stops when its caller gives up', async () => {
    const upstream = await started(startRogueUpstream());
    upstream.misbehave('server/discover', 'never_answers');
    const caller = new AbortController();
    const outcome = refusal(upstream.url, {}, { signal: caller.signal });
    await upstream.calls.until(({ requests }) => requests.length === 1);
    caller.abort();
    expect(await outcome).toMatchObject({ reason: 'closed' });
  });

  it("takes the caller's own clock for a timeout too", async () => {
    const upstream = await started(startRogueUpstream());
    upstream.misbehave('server/discover', 'never_answers');
    expect(await refusal(upstream.url, {}, { signal: AbortSignal.timeout(50) })).toMatchObject({ reason: 'timeout' });
  });

  it('takes a connection cut in the middle of the answer for an outage', async () => {
    const { url, calls } = await scripted({
      'server/discover': { headers: { 'content-type': 'application/json' }, text: '{"jsonrpc"', ending: 'cut' },
    });
    expect(await refusal(url)).toMatchObject({ reason: 'closed' });
    expect(calls.requests).toHaveLength(1);
  });

  it('takes a closed port for an outage', async () => {
    const upstream = await startScriptedUpstream({});
    await upstream.close();
    expect(await refusal(upstream.url)).toMatchObject({ reason: 'unreachable' });
  });

  it('says so when the way out is refused', async () => {
    expect(await refusal('http://10.0.0.1/mcp')).toMatchObject({ reason: 'refused' });
  });

  it.each(['huge_json_with_length', 'huge_json_chunked', 'huge_sse_event'] as const)(
    'stops reading on %s',
    async (behaviour) => {
      const upstream = await started(startRogueUpstream());
      upstream.misbehave('server/discover', behaviour);
      expect(await refusal(upstream.url)).toMatchObject({ reason: 'too_large' });
    },
  );

  it('does not probe an upstream pinned to legacy', async () => {
    const { url, calls } = await started(startDualEraUpstream());
    expect(await discoverUpstream(egress, targetOf(url, { eraPin: 'legacy' }), options)).toMatchObject({
      era: 'legacy',
    });
    expect(calls.of('server/discover')).toEqual([]);
  });

  it('does not fall back for an upstream pinned to modern', async () => {
    const { url, calls } = await started(startLegacyUpstream({ sessions: true }));
    expect(await refusal(url, { eraPin: 'modern' })).toMatchObject({ reason: 'unsupported_version' });
    expect(calls.of('initialize')).toEqual([]);
  });
});
