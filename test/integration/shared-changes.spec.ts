import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listening } from '../e2e/mcp/notifications/open-listener.js';
import { RawCaller } from '../e2e/mcp/raw-caller.js';
import { RedisServer } from '../fixtures/redis-server.js';
import type { RunningGateway } from '../fixtures/running-gateway.js';
import { ChangingUpstream } from '../fixtures/upstreams/changing-upstream.js';
import { TwoReplicas } from './two-replicas.js';

const missing = RedisServer.missing;

describe.skipIf(missing !== undefined)(
  `changes of an upstream of two replicas on PostgreSQL and Redis${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    let replicas: TwoReplicas;
    let upstream: Awaited<ReturnType<typeof ChangingUpstream.start>>;
    const callers: RawCaller[] = [];

    beforeAll(async () => {
      upstream = await ChangingUpstream.start('modern');
      replicas = await TwoReplicas.start();
      await replicas.both[0].register('up', upstream.url);
      // Each replica listens, and whoever listens looks first.
      await upstream.untilOpen(2);
      await upstream.untilFollowed();
    });
    afterAll(async () => {
      for (const caller of callers) caller.close();
      await replicas?.stop();
      await upstream?.close();
    });

    function at({ url }: RunningGateway): RawCaller {
      const caller = new RawCaller(`${url}/mcp`, replicas.both[0].session);
      callers.push(caller);
      return caller;
    }

    it('are told to the clients of both', async () => {
      const [a, b] = replicas.both;
      const streams = [await listening('modern', at(a)), await listening('legacy', at(b))];
      for (const name of ['second', 'third']) {
        upstream.offered.tools.push(name);
        await upstream.told.list('tools');
        for (const stream of streams) {
          expect(await stream.message()).toMatchObject({ method: 'notifications/tools/list_changed' });
        }
      }
      for (const stream of streams) stream.close();
    });
  },
);
