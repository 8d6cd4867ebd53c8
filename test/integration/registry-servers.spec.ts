import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CatalogReader } from '../../src/registry/catalog/catalog.js';
import { GatewayChange } from '../../src/registry/gateways/gateway-change.js';
import { GatewayRegistration } from '../../src/registry/gateways/gateway-registration.js';
import type { GatewayEntity } from '../../src/registry/gateways/gateway.entity.js';
import { GatewayRefresh } from '../../src/registry/gateways/gateway-refresh.js';
import { ToolEntity } from '../../src/registry/items/tool.entity.js';
import { ServerChange } from '../../src/registry/servers/server-change.js';
import { ServerContents } from '../../src/registry/servers/server-contents.js';
import { ServerTool } from '../../src/registry/servers/server-associations.entity.js';
import { administrator, memberOf, somebody } from '../fixtures/principals.js';
import { GrowingUpstream, tool } from '../fixtures/registry/growing-upstream.js';
import { openRegistry } from '../fixtures/registry/open-registry.js';
import { onEveryDatabase } from './on-every-database.js';

const RED = 'a'.repeat(32);
const ann = somebody('ann@example.com', memberOf(RED));
const bob = somebody('bob@example.com', memberOf());

describe('the virtual servers of the registry', () => {
  onEveryDatabase((database) => {
    let registry: TestingModule;
    let upstream: GrowingUpstream;
    let time: GatewayEntity;
    let secret: GatewayEntity;
    let names = 0;

    const idsOf = async ({ id: gatewayId }: GatewayEntity): Promise<string[]> => {
      const rows = await database.dataSource.manager.find(ToolEntity, {
        where: { gatewayId },
        order: { position: 'ASC' },
      });
      return rows.map(({ id }) => id);
    };
    const create = (more: object = {}, caller = ann) =>
      registry.get(ServerChange).create(caller, { name: `server ${(names += 1)}`, ...more });
    const shown = async (server: Awaited<ReturnType<typeof create>>, caller = ann) =>
      (await registry.get(ServerContents).shown(caller, [server]))[0];
    const view = (id: string) => registry.get(CatalogReader).current.servers.get(id);

    beforeAll(async () => {
      registry = await openRegistry(database.dataSource);
      upstream = await GrowingUpstream.start({
        tools: [tool('get_time'), tool('echo')],
        resources: [{ uri: 'test://a', name: 'a' }],
        prompts: [{ name: 'greet' }],
      });
      const register = (name: string, more: object) =>
        registry.get(GatewayRegistration).register(ann, { name, url: upstream.url, ...more });
      time = await register('Fast Time', {});
      secret = await register('Secret', { visibility: 'private' });
    });
    afterAll(async () => {
      await registry.close();
      await upstream.close();
    });

    it('takes the id that is given, and serves it at once', async () => {
      const id = '9779b6698cbd4b4995ee04a4fab38737';
      const server = await create({ id, associatedTools: await idsOf(time) });
      expect(await shown(server)).toMatchObject({
        id,
        associatedTools: ['fast-time-get-time', 'fast-time-echo'],
        associatedToolIds: await idsOf(time),
      });
      expect([...(view(id)?.toolsByName.keys() ?? [])]).toEqual(['fast-time-get-time', 'fast-time-echo']);
      await expect(create({ id })).rejects.toMatchObject({
        status: 409,
        message: expect.stringContaining('already exists'),
      });
    });

    it('takes a name once in a tenant', async () => {
      await create({ name: 'Taken' });
      await expect(create({ name: 'Taken' })).rejects.toMatchObject({ status: 409 });
      await expect(create({ name: 'Taken', teamId: RED })).resolves.toMatchObject({ name: 'Taken' });
    });

    it('takes in only what the caller can see, and names what it refuses', async () => {
      const [hidden = ''] = await idsOf(secret);
      for (const id of [hidden, 'f'.repeat(32)]) {
        await expect(create({ associatedTools: [id] }, bob)).rejects.toMatchObject({
          status: 422,
          detail: [{ loc: ['body', 'associatedTools'], msg: expect.stringContaining(id) }],
        });
      }
    });

    it('shows of a server only what the caller can see', async () => {
      const server = await create({ associatedTools: [...(await idsOf(time)), ...(await idsOf(secret))] });
      expect((await shown(server))?.associatedTools).toHaveLength(4);
      expect((await shown(server, bob))?.associatedTools).toEqual(['fast-time-get-time', 'fast-time-echo']);
      expect((await shown(server, administrator))?.associatedToolIds).toEqual(await idsOf(time));
    });

    it('names tools as their upstreams do when asked to, unless two would have one name', async () => {
      const one = await idsOf(time);
      const server = await create({ toolNaming: 'original', associatedTools: one });
      expect((await shown(server))?.associatedTools).toEqual(['get_time', 'echo']);
      expect(view(server.id)?.toolsByName.has('get_time')).toBe(true);
      const both = [...one, ...(await idsOf(secret))];
      const collision = { status: 409, message: expect.stringContaining('"get_time"') };
      await expect(create({ toolNaming: 'original', associatedTools: both })).rejects.toMatchObject(collision);
      const change = (wish: object) => registry.get(ServerChange).change(ann, server.id, wish);
      await expect(change({ associatedTools: both })).rejects.toMatchObject(collision);
      await change({ associatedTools: both, toolNaming: 'prefixed' });
      await expect(change({ toolNaming: 'original' })).rejects.toMatchObject(collision);
    });

    it('changes what is given and keeps the rest', async () => {
      const server = await create({ associatedTools: await idsOf(time), description: 'before', tags: ['kept'] });
      const [first = ''] = await idsOf(time);
      await registry.get(ServerChange).change(ann, server.id, { associatedTools: [first] });
      const changed = await registry.get(ServerChange).change(ann, server.id, { description: 'after' });
      expect(changed).toMatchObject({ description: 'after', tags: ['kept'], version: 3 });
      expect((await shown(changed))?.associatedToolIds).toEqual([first]);
    });

    it('hides a server that is disabled, and forgets one that is deleted', async () => {
      const { id } = await create({ associatedTools: await idsOf(time) });
      await registry.get(ServerChange).setEnabled(ann, id, false);
      expect(view(id)).toBeUndefined();
      await registry.get(ServerChange).setEnabled(ann, id, true);
      expect(view(id)).toBeDefined();
      await expect(registry.get(ServerChange).delete(bob, id)).rejects.toMatchObject({ status: 403 });
      await registry.get(ServerChange).delete(ann, id);
      expect(view(id)).toBeUndefined();
      expect(await database.dataSource.manager.countBy(ServerTool, { serverId: id })).toBe(0);
    });

    it('loses what its upstream withdraws, and keeps what stays', async () => {
      const passing = await registry.get(GatewayRegistration).register(ann, { name: 'Passing', url: upstream.url });
      const { id } = await create({ associatedTools: await idsOf(passing) });
      upstream.offer({ tools: [tool('echo', 'Changed.'), tool('new')] });
      await registry.get(GatewayRefresh).refresh(ann, passing.id);
      expect([...(view(id)?.toolsByName.keys() ?? [])]).toEqual(['passing-echo']);
      await registry.get(GatewayChange).delete(ann, passing.id);
      expect(view(id)?.tools).toEqual([]);
    });
  });
});
