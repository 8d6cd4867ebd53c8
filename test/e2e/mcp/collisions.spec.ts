import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TokenIssuer } from '../../../src/auth/jwt/token-issuer.js';
import { ADMIN, RunningGateway } from '../../fixtures/running-gateway.js';
import { RawUpstream } from './raw-upstream.js';

const inputSchema = { type: 'object' };
type Item = { readonly id: string; readonly gatewayId: string; readonly uri?: string };

/** Slugs that run together: `a` + `b-c` and `a-b` + `c`. Resources have the same URIs. */
describe('gateways that want the same names', () => {
  let running: RunningGateway;
  let upstreams: Awaited<ReturnType<typeof RawUpstream.start>>[];
  let older: string;
  let younger: string;
  let publicOnly: string;

  beforeAll(async () => {
    running = await RunningGateway.start();
    upstreams = [
      await RawUpstream.start('modern', { tools: [{ name: 'b-c', inputSchema }] }),
      await RawUpstream.start('legacy', { tools: [{ name: 'c', inputSchema }] }),
    ];
    older = (await running.register('a', upstreams[0]?.url ?? '', { visibility: 'private' })).id;
    younger = (await running.register('a b', upstreams[1]?.url ?? '')).id;
    publicOnly = await running.gateway.app.get(TokenIssuer).sign(ADMIN.email, randomUUID(), { teams: [] }, 3600);
  });
  afterAll(async () => {
    await running.stop();
    for (const upstream of upstreams) await upstream.close();
  });

  async function itemsOf(kind: string, gatewayId: string): Promise<Item> {
    const { body } = await running.rest<Item[]>('GET', `/${kind}?gateway_id=${gatewayId}`);
    return body[0] ?? { id: 'none', gatewayId };
  }
  const collision = async (kind: string, name: string, otherName: unknown = null) => ({
    kind,
    name,
    servedId: (await itemsOf(kind, older)).id,
    otherId: (await itemsOf(kind, younger)).id,
    otherName,
  });

  it('are told of in the report of a refresh: who has the name, and what became of the other', async () => {
    for (const id of [older, younger]) {
      const { body } = await running.rest('POST', `/gateways/${id}/refresh`);
      expect(body.collisions).toHaveLength(3);
      expect(body.collisions).toEqual(
        expect.arrayContaining([
          await collision('tools', 'a-b-c', expect.stringMatching(/^a-b-c-[0-9a-f]{8}$/)),
          await collision('resources', 'raw://one'),
          expect.objectContaining({ kind: 'resources', name: 'raw://many/{id}', otherName: null }),
        ]),
      );
    }
  });

  it('are told of at their virtual server, to who sees both', async () => {
    const [one, other] = [await itemsOf('resources', older), await itemsOf('resources', younger)];
    const [tool, otherTool] = [await itemsOf('tools', older), await itemsOf('tools', younger)];
    const server = {
      name: 'both',
      associated_tools: [tool.id, otherTool.id],
      associated_resources: [one.id, other.id],
      associated_prompts: [],
    };
    const { body: made } = await running.rest('POST', '/servers', { server });
    const { body } = await running.rest('GET', `/servers/${made.id}`);
    expect(body.collisions).toEqual([
      await collision('tools', 'a-b-c', expect.any(String)),
      await collision('resources', 'raw://one'),
    ]);
    const seen = await running.rest('GET', `/servers/${made.id}`, undefined, publicOnly);
    expect(seen.body).toMatchObject({ associatedToolIds: [otherTool.id], collisions: [] });
  });
});
