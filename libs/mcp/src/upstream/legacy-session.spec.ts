import { afterEach, describe, expect, it } from 'vitest';
import { startLegacyUpstream } from '../../../../test/fixtures/upstreams/legacy-upstream.js';
import { loopbackEgress } from '../../../../test/fixtures/upstreams/loopback-egress.js';
import { startRogueUpstream } from '../../../../test/fixtures/upstreams/rogue-upstream.js';
import { type Script, startScriptedUpstream } from '../../../../test/fixtures/upstreams/scripted-upstream.js';
import type { TestUpstream } from '../../../../test/fixtures/upstreams/test-upstream.js';
import { Budget } from './budget.js';
import { LegacySession } from './legacy-session.js';
import { UpstreamError } from './upstream-error.js';
import type { UpstreamTarget } from './upstream-target.js';

const egress = loopbackEgress();
const identity = { name: 'portcullis', version: '0.1.0' };
const limits = { timeoutMs: 10_000, maxBytes: 1 << 20 };
const initialized = {
  protocolVersion: '2025-06-18',
  capabilities: { tools: {} },
  serverInfo: { name: 's', version: '1' },
};
const upstreams: TestUpstream[] = [];

afterEach(async () => {
  await Promise.all(upstreams.splice(0).map((upstream) => upstream.close()));
});

async function started<T extends TestUpstream>(starting: Promise<T>): Promise<T> {
  const upstream = await starting;
  upstreams.push(upstream);
  return upstream;
}

const scripted = (script: Script) => started(startScriptedUpstream(script));
const open = (target: UpstreamTarget) => LegacySession.open(egress, target, identity, new Budget(limits));

function targetOf(url: string): UpstreamTarget {
  return { id: 'up', url: new URL(url), headers: { Authorization: 'Bearer s3cret-token' } };
}

async function refusal(url: string): Promise<UpstreamError> {
  const outcome: unknown = await open(targetOf(url)).catch((error: unknown) => error);
  if (!(outcome instanceof UpstreamError)) throw new Error('was not refused', { cause: outcome });
  return outcome;
}

describe(LegacySession, () => {
  it.each([400, 404, 405])('names the transport when initialize is answered %s without JSON-RPC', async (status) => {
    const { url } = await scripted({
      initialize: { status, text: '{"detail":"Not Found"}', headers: { 'content-type': 'application/json' } },
    });
    const error = await refusal(url);
    expect(error).toMatchObject({ reason: 'unsupported_transport', httpStatus: status });
    expect(error.message).toContain('HTTP+SSE');
  });

  it.each([
    ['html', 'invalid_answer'],
    ['broken_json', 'invalid_answer'],
    ['wrong_id', 'invalid_answer'],
    ['sse_without_result', 'invalid_answer'],
    ['unasked_gzip', 'invalid_answer'],
    ['redirect', 'invalid_answer'],
    ['half_json_then_close', 'closed'],
    ['status_401', 'auth_required'],
    ['status_500', 'unreachable'],
    ['header_mismatch', 'rpc_error'],
  ] as const)('calls an initialize answered with %s %s', async (behaviour, reason) => {
    const upstream = await started(startRogueUpstream({ era: 'legacy' }));
    upstream.misbehave('initialize', behaviour);
    expect(await refusal(upstream.url)).toMatchObject({ reason });
    expect(upstream.calls.requests.map((request) => request.url)).not.toContain('/redirected');
  });

  it.each([
    ['no protocolVersion', { capabilities: {} }, 'invalid_answer'],
    ['no capabilities', { protocolVersion: '2025-06-18' }, 'invalid_answer'],
    ['an unknown version', { ...initialized, protocolVersion: '2024-01-01' }, 'unsupported_version'],
    ['a modern version', { ...initialized, protocolVersion: '2026-07-28' }, 'unsupported_version'],
  ])('refuses an initialize result with %s', async (_name, result, reason) => {
    const { url } = await scripted({ initialize: { result } });
    expect(await refusal(url)).toMatchObject({ reason });
  });

  it('accepts 2024-11-05 from a server that speaks it over Streamable HTTP', async () => {
    const { url } = await scripted({ initialize: { result: { ...initialized, protocolVersion: '2024-11-05' } } });
    expect(await open(targetOf(url))).toMatchObject({ revision: '2024-11-05' });
  });

  it.each(['with space', 'é', 'x'.repeat(513)])('refuses the session id %j', async (id) => {
    const { url } = await scripted({ initialize: { result: initialized, headers: { 'mcp-session-id': id } } });
    expect(await refusal(url)).toMatchObject({ reason: 'invalid_answer' });
  });

  it('puts up with a server that refuses notifications', async () => {
    const { url } = await scripted({
      initialize: { result: initialized },
      'notifications/initialized': { status: 400, text: 'what?' },
    });
    expect(await open(targetOf(url))).toMatchObject({ revision: '2025-06-18' });
  });

  it('leaves no session behind when the upstream breaks down after initialize', async () => {
    const { url, calls } = await scripted({
      initialize: { result: initialized, headers: { 'mcp-session-id': 's1' } },
      'notifications/initialized': { status: 503 },
    });
    expect(await refusal(url)).toMatchObject({ reason: 'unreachable' });
    expect(calls.requests.at(-1)).toMatchObject({ httpMethod: 'DELETE', headers: { 'mcp-session-id': 's1' } });
  });

  it('quotes the upstream, without the credentials it echoes', async () => {
    const message = 'Bad token s3cret-token\u001b[31m\nfor key=q-u-e-r-y and Bearer s3cret-token';
    const { url } = await scripted({ initialize: { error: { code: -32000, message } } });
    const error = await refusal(`${url}?key=q-u-e-r-y`);
    expect(error).toMatchObject({ reason: 'rpc_error', rpcCode: -32000 });
    expect(error.message).toBe('answered initialize with error -32000: Bad token *** [31m for key=*** and ***');
  });

  it('asks in its session and reads the result', async () => {
    const upstream = await started(startLegacyUpstream({ sessions: true }));
    const session = await open(targetOf(upstream.url));
    const result = await session.request('tools/list', {}, new Budget(limits));
    expect(result).toHaveProperty('tools');
    expect(upstream.calls.of('tools/list')[0]?.headers).toMatchObject({
      'mcp-session-id': session.id,
      'mcp-protocol-version': '2025-11-25',
    });
  });

  it('tells a lost session from other failures', async () => {
    const upstream = await started(startLegacyUpstream({ sessions: true }));
    const session = await open(targetOf(upstream.url));
    await session.close();
    const lost = session.request('tools/list', {}, new Budget(limits));
    await expect(lost).rejects.toMatchObject({ reason: 'closed', httpStatus: 404 });
  });

  it('does not take an unknown method answered with 404 for a lost session', async () => {
    const upstream = await scripted({
      initialize: { result: initialized, headers: { 'mcp-session-id': 's1' } },
      'tools/list': { status: 404, error: { code: -32601, message: 'Method not found' } },
    });
    const session = await open(targetOf(upstream.url));
    const unknown = session.request('tools/list', {}, new Budget(limits));
    await expect(unknown).rejects.toMatchObject({ reason: 'rpc_error', rpcCode: -32601 });
  });

  it('sends no DELETE where there is no session', async () => {
    const upstream = await started(startLegacyUpstream({ sessions: false }));
    await (await open(targetOf(upstream.url))).close();
    expect(upstream.calls.requests.map(({ httpMethod }) => httpMethod)).toEqual(['POST', 'POST']);
  });
});
