import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LastUsed } from '../../../src/tokens/last-used.js';
import { postMcp } from '../../fixtures/call-mcp.js';
import { TokenGate } from '../../fixtures/token-gate.js';

const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };

describe('the use of a token', () => {
  let gate: TokenGate;

  beforeAll(async () => {
    gate = await TokenGate.start();
  });
  afterAll(() => gate.stop());

  const tools = (token: string) => gate.running.rest('GET', '/tools', undefined, token);
  const counted = (statuses: readonly number[], status: number): number =>
    statuses.filter((one) => one === status).length;

  it.each([
    ['requests_per_hour', 'Hourly request limit exceeded', 3600],
    ['requests_per_day', 'Daily request limit exceeded', 86_400],
  ])('is limited by %s, together on all doors', async (limit, detail, seconds) => {
    const { text } = await gate.mint({ usage_limits: { [limit]: 20 } });
    const calls = Array.from({ length: 50 }, async (_, index) => {
      const door = gate.doors[index % gate.doors.length] ?? '';
      return index % 5 === 0 ? (await tools(text)).status : (await gate.listAt(door, text)).status;
    });
    const statuses = await Promise.all(calls);
    expect([counted(statuses, 200), counted(statuses, 429)]).toEqual([20, 30]);
    for (const answer of [await tools(text), await gate.listAt('/mcp', text)]) {
      expect([answer.status, answer.body.detail]).toEqual([429, detail]);
      const wait = Number(answer.headers.get('retry-after'));
      expect(wait > seconds - 60 && wait <= seconds).toBe(true);
    }
  });

  it('counts every message of a batch', async () => {
    const { text } = await gate.mint({ usage_limits: { requests_per_hour: 5 } });
    const batch = (size: number) =>
      postMcp(
        `${gate.running.url}/mcp`,
        text,
        Array.from({ length: size }, () => LIST),
      );
    const before = gate.upstream.calls.requests.length;
    expect((await batch(6)).status).toBe(429);
    expect((await batch(4)).status).toBe(200);
    expect((await batch(2)).status).toBe(429);
    expect((await batch(1)).status).toBe(200);
    expect((await tools(text)).status).toBe(429);
    expect(gate.upstream.calls.requests.length).toBe(before);
  });

  it('ends after max_uses, exactly, however many come at once', async () => {
    const { text, id } = await gate.mint({ max_uses: 10 });
    const statuses = await Promise.all(
      Array.from({ length: 50 }, async (_, index) =>
        index % 2 === 0 ? (await tools(text)).status : (await gate.listAt('/mcp', text)).status,
      ),
    );
    expect([counted(statuses, 200), counted(statuses, 401)]).toEqual([10, 40]);
    expect(new Set(await gate.everywhere(text))).toEqual(new Set([401]));
    expect((await tools(text)).body.detail).toBe('Token has no uses left');
    expect((await gate.running.rest('GET', `/tokens/${id}`)).body).toMatchObject({ max_uses: 10, uses: 10 });
  });

  it('is not limited for sessions and other tokens', async () => {
    const limited = await gate.mint({ usage_limits: { requests_per_hour: 1 } });
    const free = await gate.mint();
    for (const [token, expected] of [
      [limited.text, [200, 429, 429]],
      [free.text, [200, 200, 200]],
      [gate.running.session, [200, 200, 200]],
    ] as const) {
      const statuses = [(await tools(token)).status, (await tools(token)).status, (await tools(token)).status];
      expect(statuses).toEqual(expected);
    }
  });

  it('shows in last_used', async () => {
    const { text, id } = await gate.mint();
    const lastUsed = async (): Promise<string | null> =>
      (await gate.running.rest('GET', `/tokens/${id}`)).body.last_used;
    expect(await lastUsed()).toBeNull();
    const before = Date.now();
    await tools(text);
    await gate.running.gateway.app.get(LastUsed, { strict: false }).flush();
    expect(Date.parse((await lastUsed()) ?? '')).toBeGreaterThanOrEqual(before);
  });

  it('is summed up, the refused ones too', async () => {
    const { text, id } = await gate.mint({ usage_limits: { requests_per_hour: 4 }, permissions: ['tools.read'] });
    for (let count = 0; count < 3; count += 1) await tools(text);
    expect(await gate.statusOf('/gateways', text)).toBe(403);
    expect((await tools(text)).status).toBe(429);
    const { status, body } = await gate.running.rest('GET', `/tokens/${id}/usage`);
    expect(status).toBe(200);
    expect(body).toEqual({
      period_days: 30,
      total_requests: 5,
      successful_requests: 3,
      blocked_requests: 2,
      success_rate: 0.6,
      average_response_time_ms: expect.any(Number),
      requests_per_hour: 0.0069,
      requests_per_day: 0.1667,
      top_endpoints: [
        ['/tools', 4],
        ['/gateways', 1],
      ],
      series: { bucket: 'day', points: expect.any(Array) },
    });
    expect(body.average_response_time_ms).toBeGreaterThan(0);
    expect(body.series.points).toHaveLength(31);
    const sums = body.series.points.map(({ requests }: { requests: number }) => requests);
    expect(sums.reduce((all: number, one: number) => all + one, 0)).toBe(5);
    const week = (await gate.running.rest('GET', `/tokens/${id}/usage?days=7`)).body;
    expect([week.series.bucket, week.series.points.length]).toEqual(['hour', 169]);
    const rows = (await gate.running.rest('GET', '/usage?outcome=blocked')).body;
    const reasons = rows.map(({ block_reason: reason }: { block_reason: string }) => reason);
    expect(reasons).toEqual(expect.arrayContaining(['hour_limit_exceeded', 'token_permission_scope']));
  });

  it.each(['days=0', 'days=367', 'days=x', 'days=1&days=2', 'since=x'])('is 422 for %s', async (query) => {
    const { id } = await gate.mint();
    expect(await gate.statusOf(`/tokens/${id}/usage?${query}`, gate.running.session)).toBe(422);
  });

  it('is shown to nobody else', async () => {
    const { id } = await gate.mint();
    const { session } = await gate.signIn('curious@example.com');
    expect(await gate.statusOf(`/tokens/${id}/usage`, session)).toBe(404);
  });
});
