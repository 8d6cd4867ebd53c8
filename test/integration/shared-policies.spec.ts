import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callMcp } from '../fixtures/call-mcp.js';
import { GrowingUpstream, tool } from '../fixtures/registry/growing-upstream.js';
import { RedisServer } from '../fixtures/redis-server.js';
import type { RunningGateway } from '../fixtures/running-gateway.js';
import { TwoReplicas } from './two-replicas.js';
import { withinASecond } from '../fixtures/within-a-second.js';

const missing = RedisServer.missing;

describe.skipIf(missing !== undefined)(
  `policies of two replicas on PostgreSQL and Redis${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    let replicas: TwoReplicas;
    let upstream: GrowingUpstream;
    let a: RunningGateway;
    let b: RunningGateway;

    beforeAll(async () => {
      upstream = await GrowingUpstream.start({ tools: [tool('echo'), tool('wipe')] });
      replicas = await TwoReplicas.start();
      [a, b] = replicas.both;
      await a.register('up', upstream.url);
    });
    afterAll(async () => {
      await replicas?.stop();
      await upstream?.close();
    });

    const seen = async (replica: RunningGateway, token = a.session): Promise<number> =>
      (await callMcp(`${replica.url}/mcp`, token, 'tools/list')).body.result.tools.length;

    it('hold at both within a second of a change at one', async () => {
      await withinASecond(async () => expect(await seen(b)).toBe(2));
      const text =
        'forbid (principal, action == Action::"tools.read", resource is Tool) when { resource.name == "wipe" };';
      const { body } = await a.rest('POST', '/policies', { name: 'hide', text });
      expect((await a.rest('POST', `/policies/${body.id}/activate`)).status).toBe(200);
      expect(await seen(a)).toBe(1);
      await withinASecond(async () => expect(await seen(b)).toBe(1));
      expect((await b.rest('DELETE', `/policies/${body.id}`)).status).toBe(204);
      expect(await seen(b)).toBe(2);
      await withinASecond(async () => expect(await seen(a)).toBe(2));
    });
  },
);
