import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callMcp } from '../../fixtures/call-mcp.js';
import { GrowingUpstream, tool } from '../../fixtures/registry/growing-upstream.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { SHARED_SECRET, signedToken } from '../../fixtures/signed-token.js';

const FAILED = { detail: 'An internal error occurred. Please try again.', code: 'internal_error' };

describe('a gateway whose database is gone', () => {
  let running: RunningGateway;
  let upstream: GrowingUpstream;
  const known = signedToken({ teams: null });

  beforeAll(async () => {
    running = await RunningGateway.start({
      JWT_SECRET_KEY: SHARED_SECRET,
      TOKEN_USAGE_QUEUE: '100',
      TOKEN_USAGE_WAIT_MS: '50',
    });
    upstream = await GrowingUpstream.start({ tools: [tool('run')] });
    upstream.scripted.change({ 'tools/call': { result: { resultType: 'complete', content: [] } } });
    await running.register('up', upstream.url);
    expect((await callMcp(`${running.url}/mcp`, known, 'ping')).status).toBe(200);
    await running.gateway.app.get(DataSource).destroy();
  });
  afterAll(async () => {
    await running.stop();
    await upstream.close();
  });

  it('lets nobody in whom it can’t check', async () => {
    for (const token of [signedToken({ teams: null }), signedToken({ token_use: 'session' })]) {
      const rest = await running.rest('GET', '/tools', undefined, token);
      expect([rest.status, rest.body]).toEqual([500, FAILED]);
      const mcp = await callMcp(`${running.url}/mcp`, token, 'tools/list');
      expect([mcp.status, mcp.body]).toEqual([500, FAILED]);
    }
    const login = await running.rest('POST', '/auth/login', { email: 'admin@example.com', password: 'x' }, null);
    expect([login.status, login.body]).toEqual([500, FAILED]);
  });

  it('says that it failed, and nothing of how', async () => {
    const posts: readonly [string, object][] = [
      ['/servers', { name: 'x' }],
      ['/gateways', { name: 'x', url: upstream.url }],
    ];
    const answers = [
      ...(await Promise.all(
        ['/gateways', '/servers', '/tools', '/resources', '/prompts'].map((path) =>
          running.rest('GET', path, undefined, known),
        ),
      )),
      ...(await Promise.all(posts.map(([path, body]) => running.rest('POST', path, body, known)))),
    ];
    for (const { status, body, headers } of answers) {
      expect([status, body]).toEqual([500, FAILED]);
      expect(headers.get('x-correlation-id')).toBeTruthy();
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('tells its orchestrator', async () => {
    expect((await fetch(`${running.url}/health`)).status).toBe(200);
    const ready = await fetch(`${running.url}/ready`);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { detail: 'The database does not answer', code: 'overloaded' },
    ]);
  });

  it('serves whom it knows until it can’t write down any more calls', async () => {
    const call = () => callMcp(`${running.url}/mcp`, known, 'tools/call', { name: 'up-run', arguments: {} });
    expect((await call()).body.result).toEqual({ content: [] });
    const statuses: number[] = [];
    for (let count = 0; count < 110; count += 1) statuses.push((await call()).status);
    expect(statuses[0]).toBe(200);
    expect(statuses.at(-1)).toBe(503);
    const before = upstream.scripted.calls.of('tools/call').length;
    expect((await call()).status).toBe(503);
    expect(upstream.scripted.calls.of('tools/call').length).toBe(before);
  });

  it('writes down what waited when the database is back', async () => {
    await running.gateway.app.get(DataSource).initialize();
    await expect
      .poll(async () => (await callMcp(`${running.url}/mcp`, known, 'ping')).status, { timeout: 10_000 })
      .toBe(200);
    const { body } = await running.rest<{ outcome: string; target: string | null }[]>('GET', '/usage?limit=500');
    expect(body.filter(({ outcome, target }) => outcome === 'ok' && target === 'up-run').length).toBeGreaterThanOrEqual(
      90,
    );
  });
});
