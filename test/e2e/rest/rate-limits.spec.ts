import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN, type RestAnswer, RunningGateway } from '../../fixtures/running-gateway.js';

const WRONG = { email: ADMIN.email, password: 'not the password' };

const limitsOf = ({ headers }: RestAnswer<unknown>): (string | null)[] =>
  ['limit', 'remaining', 'reset'].map((name) => headers.get(`x-ratelimit-${name}`));

describe('the limited routes', () => {
  let running: RunningGateway;
  beforeAll(async () => {
    running = await RunningGateway.start({ RATE_LIMIT_CRITICAL_PER_MINUTE: '5', RATE_LIMIT_HIGH_PER_MINUTE: '3' });
  });
  afterAll(() => running.stop());

  const login = (path: string) => running.rest('POST', path, WRONG, null);

  it('count the logins of one address, under either path, and refuse what is too much, right passwords too', async () => {
    // The fixture has signed in once.
    const answers = [await login('/auth/login'), await login('/auth/email/login'), await login('/auth/login')];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(answers.map((answer) => limitsOf(answer).slice(0, 2))).toEqual([
      ['5', '3'],
      ['5', '2'],
      ['5', '1'],
    ]);
    expect(Number(limitsOf(answers[0] as RestAnswer<unknown>)[2])).toBeLessThanOrEqual(60);
    expect((await running.rest('POST', '/auth/login', ADMIN, null)).status).toBe(200);
    const refused = await running.rest('POST', '/auth/login', ADMIN, null);
    expect(refused.status).toBe(429);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(limitsOf(refused)).toEqual(['5', '0', String(seconds)]);
    expect(refused.headers.get('content-type')).toMatch(/^application\/json/);
    expect(refused.body).toEqual({
      detail: 'Too many requests. Please try again later.',
      code: 'too_many_requests',
      error: 'Rate limit exceeded',
      message: `At most 5 calls a minute; try again in ${seconds} seconds`,
      limit: 5,
      reset_in_seconds: seconds,
    });
  });

  it('do not believe an address that a caller invents', async () => {
    const headers = { 'Content-Type': 'application/json', 'X-Forwarded-For': '192.0.2.1', 'X-Real-IP': '192.0.2.1' };
    const answer = await fetch(`${running.url}/auth/login`, { method: 'POST', headers, body: JSON.stringify(WRONG) });
    expect(answer.status).toBe(429);
  });

  it('count each route by itself, and write the refusal into the usage log', async () => {
    const statuses = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await running.rest('GET', '/tokens')).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect((await running.rest('GET', '/tokens/unknown')).status).toBe(404);
    const { body } = await running.rest('GET', '/usage?limit=500');
    const blocked = body.filter((row: { status_code: number }) => row.status_code === 429);
    expect(blocked).toMatchObject([{ endpoint: '/tokens', blocked: true, block_reason: 'rate_limited' }]);
  });

  it('count a user wherever he calls from, and let another address in that has no user', async () => {
    // The path before has used up what this user may do there.
    const from = (method: string, path: string, token?: string): Promise<number> =>
      new Promise((resolve, reject) => {
        const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
        const call = request(running.url + path, { method, headers, localAddress: '127.0.0.2' }, (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        });
        call.once('error', reject).end(method === 'POST' ? JSON.stringify(WRONG) : undefined);
      });
    expect(await from('GET', '/tokens', running.session)).toBe(429);
    expect(await from('POST', '/auth/login')).toBe(401);
  });

  it.each(['/teams', '/teams/unknown/invitations'])(
    'are those that send mail to whomever one names: POST %s',
    async (path) => {
      const statuses = new Set<number>();
      for (let count = 0; count < 6; count += 1) statuses.add((await running.rest('POST', path, {})).status);
      expect([...statuses]).toEqual([422, 429]);
    },
  );

  it('are few: others say nothing of limits', async () => {
    for (const path of ['/health', '/auth/email/me', '/gateways']) {
      const answer = await running.rest('GET', path);
      expect([answer.status, ...limitsOf(answer)]).toEqual([200, null, null, null]);
    }
    const mcp = await running.rest('POST', '/mcp', { jsonrpc: '2.0', id: 1, method: 'ping' });
    expect(limitsOf(mcp)).toEqual([null, null, null]);
  });
});

describe('without limits', () => {
  it('nothing is counted', async () => {
    const running = await RunningGateway.start({ RATE_LIMITING_ENABLED: 'false', RATE_LIMIT_HIGH_PER_MINUTE: '1' });
    const answers = [await running.rest('GET', '/tokens'), await running.rest('GET', '/tokens')];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers.map(limitsOf)).toEqual([Array(3).fill(null), Array(3).fill(null)]);
    await running.stop();
  });
});
