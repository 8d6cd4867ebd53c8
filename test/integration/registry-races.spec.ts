import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GrowingUpstream, tool } from '../fixtures/registry/growing-upstream.js';
import { RunningGateway } from '../fixtures/running-gateway.js';
import { onEveryDatabase } from './on-every-database.js';

const AT_ONCE = 12;
const ROUNDS = 3;

/** What is made, changed and deleted, and what is answered to who makes one. */
const KINDS = [
  ['/gateways', 200, (name: string, url: string) => ({ name, url })],
  ['/servers', 201, (name: string) => ({ server: { name } })],
  ['/tools', 200, (name: string, url: string) => ({ tool: { name, url } })],
  ['/resources', 200, (name: string) => ({ resource: { uri: `test://${name}`, name, content: 'x' } })],
  ['/prompts', 200, (name: string) => ({ prompt: { name, template: 'x' } })],
] as const;

describe('the registry, when many write at once', () => {
  onEveryDatabase((database) => {
    let running: RunningGateway;
    let upstream: GrowingUpstream;

    beforeAll(async () => {
      upstream = await GrowingUpstream.start({ tools: [tool('run')] });
      running = await RunningGateway.start({ DATABASE_URL: database.url });
    });
    afterAll(async () => {
      await running.stop();
      await upstream.close();
    });

    const fresh = (): string => `n${randomBytes(8).toString('hex')}`;
    const statuses = async (calls: readonly Promise<{ readonly status: number }>[]): Promise<number[]> =>
      (await Promise.all(calls)).map(({ status }) => status).sort((a, b) => a - b);

    it.each(KINDS)('%s: one of many with one name is made', async (path, made, body) => {
      const name = fresh();
      const answers = await statuses(
        Array.from({ length: AT_ONCE }, () => running.rest('POST', path, body(name, upstream.url))),
      );
      expect(answers).toEqual([made, ...Array.from({ length: AT_ONCE - 1 }, () => 409)]);
    });

    it.each(KINDS)('%s: changed, switched and deleted at once, each by one alone', async (path, made, body) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const { status, body: row } = await running.rest('POST', path, body(fresh(), upstream.url));
        expect(status).toBe(made);
        const at = `${path}/${row.id}`;
        const changed = await statuses(
          Array.from({ length: AT_ONCE }, (_, index) => running.rest('PUT', at, { description: `by ${index}` })),
        );
        expect(changed.filter((answer) => answer !== 200 && answer !== 409)).toEqual([]);
        expect(changed).toContain(200);
        const version = async (): Promise<number> => {
          const shown = path === '/resources' || path === '/prompts' ? `${at}/info` : at;
          return (await running.rest('GET', shown)).body.version;
        };
        // As many changes as were confirmed, and none that was lost.
        expect(await version()).toBe(1 + changed.filter((answer) => answer === 200).length);
        const ended = await statuses([
          ...Array.from({ length: 4 }, () => running.rest('DELETE', at)),
          ...Array.from({ length: 4 }, () => running.rest('PUT', at, { description: 'too late' })),
          ...Array.from({ length: 4 }, () => running.rest('POST', `${at}/state?activate=false`)),
        ]);
        expect(ended.filter((answer) => ![200, 404, 409].includes(answer))).toEqual([]);
        expect((await running.rest('DELETE', at)).status).toBe(404);
      }
    });

    it('refreshed and deleted at once: nothing is left behind, and nothing breaks', async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const { id } = await running.register(fresh(), upstream.url);
        const answers = await statuses([
          ...Array.from({ length: 4 }, () => running.rest('POST', `/gateways/${id}/refresh`)),
          running.rest('DELETE', `/gateways/${id}`),
          ...Array.from({ length: 4 }, () => running.rest('POST', `/gateways/${id}/refresh`)),
        ]);
        expect(answers.filter((answer) => ![200, 404, 409].includes(answer))).toEqual([]);
        expect((await running.rest('GET', `/gateways/${id}`)).status).toBe(404);
        expect((await running.rest('GET', `/tools?gateway_id=${id}`)).body).toEqual([]);
      }
    });
  });
});

describe('an address that may be taken once', () => {
  onEveryDatabase((database) => {
    let running: RunningGateway;
    let upstream: GrowingUpstream;

    beforeAll(async () => {
      upstream = await GrowingUpstream.start({ tools: [tool('run')] });
      running = await RunningGateway.start({ DATABASE_URL: database.url, GATEWAY_UNIQUE_URLS: 'true' });
    });
    afterAll(async () => {
      await running.stop();
      await upstream.close();
    });

    const atOnce = async (call: (index: number) => ReturnType<RunningGateway['rest']>) => {
      const answers = await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => call(index)));
      return answers.map(({ status }) => status).sort((a, b) => a - b);
    };
    const once = [200, ...Array.from({ length: AT_ONCE - 1 }, () => 409)];

    it('is taken by one of many', async () => {
      const url = `${upstream.url}?made`;
      expect(await atOnce((index) => running.rest('POST', '/gateways', { name: `made ${index}`, url }))).toEqual(once);
    });

    it('is taken by one of many that move there, or give up their credential', async () => {
      const key = { auth_type: 'bearer', auth_token: 'k' };
      const rows = await Promise.all(
        Array.from({ length: AT_ONCE }, async (_, index) => {
          const place =
            index % 2 === 0 ? { url: `${upstream.url}?from=${index}` } : { url: `${upstream.url}?to`, ...key };
          return (await running.rest('POST', '/gateways', { name: `moved ${index}`, ...place })).body;
        }),
      );
      const move = { url: `${upstream.url}?to`, auth_type: 'none' };
      expect(await atOnce((index) => running.rest('PUT', `/gateways/${rows[index].id}`, move))).toEqual(once);
    });
  });
});
