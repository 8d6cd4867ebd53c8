import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CatalogReader } from '../../src/registry/catalog/catalog.js';
import { GatewayRefresh } from '../../src/registry/gateways/gateway-refresh.js';
import { GatewayRegistration } from '../../src/registry/gateways/gateway-registration.js';
import { KeptCredentials } from '../../src/registry/items/kept-tools/kept-credentials.js';
import { ItemWriter } from '../../src/registry/items/item-writer.js';
import { ToolChange } from '../../src/registry/items/kept-tools/tool-change.js';
import { ToolEntity } from '../../src/registry/items/tool.entity.js';
import { ToolReader } from '../../src/registry/items/tool-reader.js';
import { ServerChange } from '../../src/registry/servers/server-change.js';
import { ServerContents } from '../../src/registry/servers/server-contents.js';
import { memberOf, somebody } from '../fixtures/principals.js';
import { GrowingUpstream, tool } from '../fixtures/registry/growing-upstream.js';
import { openRegistry } from '../fixtures/registry/open-registry.js';
import { onEveryDatabase } from './on-every-database.js';

const RED = 'a'.repeat(32);
const ann = somebody('ann@example.com', memberOf(RED));
const bob = somebody('bob@example.com', memberOf());
const CANARY = 'canary-77d1';

describe('the tools of the registry', () => {
  onEveryDatabase((database) => {
    let registry: TestingModule;
    let upstream: GrowingUpstream;
    let change: ToolChange;
    let names = 0;

    beforeAll(async () => {
      registry = await openRegistry(database.dataSource);
      upstream = await GrowingUpstream.start({ tools: [tool('echo'), tool('time')] });
      change = registry.get(ToolChange);
    });
    afterAll(async () => {
      await registry.close();
      await upstream.close();
    });

    const wish = (more: object = {}) => ({ name: `tool-${(names += 1)}`, url: 'https://api.example.com/x', ...more });
    const stored = (id: string) => database.dataSource.manager.findOneByOrFail(ToolEntity, { id });
    const served = (name: string) => registry.get(CatalogReader).current.everything.toolsByName.get(name) ?? [];
    const conflict = { status: 409, message: expect.stringContaining('Tool already exists') };

    it('keeps a tool, its credential sealed, and serves it at once', async () => {
      const made = await change.create(ann, wish({ authType: 'bearer', authToken: CANARY, tags: ['a'] }));
      const row = await stored(made.id);
      expect(row).toMatchObject({
        gatewayId: null,
        source: ann.subject,
        ownerEmail: ann.subject,
        authType: 'bearer',
        tags: ['a'],
        createdVia: 'api',
        version: 1,
        kept: { requestType: 'GET', url: 'https://api.example.com/x', timeoutMs: 20_000 },
      });
      expect(JSON.stringify(row)).not.toContain(CANARY);
      const [item] = served(made.upstreamName);
      expect(item).toMatchObject({ id: made.id, gateway: null });
      expect(JSON.stringify(item)).not.toContain(CANARY);
      const headers = item && (await registry.get(KeptCredentials).headersOf(item));
      expect(headers).toEqual({ authorization: `Bearer ${CANARY}` });
    });

    it('calls no tool whose credential was put there from elsewhere', async () => {
      const [one, other] = [
        await change.create(ann, wish({ authType: 'bearer', authToken: CANARY })),
        await change.create(bob, wish({ authType: 'bearer', authToken: 'other' })),
      ];
      const { authValue } = await stored(one.id);
      const [item] = served(other.upstreamName);
      const stolen = item && { ...item, kept: { ...item.kept }, sealedCredential: authValue };
      await expect(stolen && registry.get(KeptCredentials).headersOf(stolen)).rejects.toThrow();
    });

    it('takes a name once in a tenant, also when two come at the same time', async () => {
      const same = wish();
      const answers = await Promise.allSettled([change.create(ann, same), change.create(ann, same)]);
      expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      await expect(change.create(ann, same)).rejects.toMatchObject(conflict);
      await expect(change.create(ann, { ...same, teamId: RED })).resolves.toMatchObject({ source: RED });
      const elder = served(same.name)[0]?.ownerEmail;
      await expect(change.create(bob, same)).resolves.toMatchObject({ upstreamName: same.name });
      // Who comes later takes no calls over.
      expect(served(same.name).map(({ ownerEmail }) => ownerEmail)).toEqual([elder]);
    });

    it('changes what is given, as one unit, and moves names with their tenant', async () => {
      const made = await change.create(ann, wish({ title: 'T', description: 'D', visibility: 'private' }));
      const changed = await change.change(ann, made.id, { description: 'E', visibility: 'team', teamId: RED });
      expect(changed).toMatchObject({ version: 2, source: RED, visibility: 'team', teamId: RED });
      expect(JSON.parse((await stored(made.id)).definition)).toMatchObject({ title: 'T', description: 'E' });
      const other = await change.create(ann, wish({ name: made.upstreamName }));
      await expect(change.change(ann, other.id, { teamId: RED, visibility: 'team' })).rejects.toMatchObject(conflict);
      expect(await stored(other.id)).toMatchObject({ version: 1, source: ann.subject });
    });

    it('refuses the later of two changes of one state', async () => {
      const { id } = await change.create(ann, wish());
      const [one, two] = [await registry.get(ToolReader).get(ann, id), await registry.get(ToolReader).get(ann, id)];
      const kind = { entity: ToolEntity, noun: 'Tool' as const };
      await registry.get(ItemWriter).update(kind, one, { tags: ['one'] }, ann);
      const late = registry.get(ItemWriter).update(kind, two, { tags: ['two'] }, ann);
      await expect(late).rejects.toMatchObject({ status: 409, message: expect.stringContaining('somebody else') });
      expect(await stored(id)).toMatchObject({ tags: ['one'], version: 2 });
    });

    it('deletes a kept tool, out of virtual servers too', async () => {
      const made = await change.create(ann, wish());
      const server = await registry.get(ServerChange).create(ann, { name: 'with one', associatedTools: [made.id] });
      const contents = async () => (await registry.get(ServerContents).shown(ann, [server]))[0]?.associatedTools;
      expect(await contents()).toEqual([made.upstreamName]);
      await expect(change.delete(bob, made.id)).rejects.toMatchObject({ status: 403 });
      await change.delete(ann, made.id);
      expect(await contents()).toEqual([]);
      expect(served(made.upstreamName)).toEqual([]);
      await expect(change.delete(ann, made.id)).rejects.toMatchObject({ status: 404 });
    });

    it('orders the oldest first, what is kept and what upstreams offer alike', async () => {
      const kept = [
        await change.create(ann, wish()),
        await change.create(ann, wish()),
        await change.create(ann, wish()),
      ];
      const gateway = await registry.get(GatewayRegistration).register(ann, { name: 'Ordered', url: upstream.url });
      const { rows } = await registry.get(ToolReader).list(ann, {
        gateway_id: gateway.id,
        include_inactive: false,
        include_pagination: false,
      });
      const server = await registry.get(ServerChange).create(ann, {
        name: 'ordered',
        associatedTools: [...kept.toReversed(), ...rows].map(({ id }) => id),
      });
      const names = [...kept.map(({ upstreamName }) => upstreamName), 'ordered-echo', 'ordered-time'];
      expect((await registry.get(ServerContents).shown(ann, [server]))[0]?.associatedTools).toEqual(names);
      const view = registry.get(CatalogReader).current.servers.get(server.id);
      expect(view?.tools.map(({ name }) => name)).toEqual(names);
    });

    it('keeps of an upstream’s tool what people changed through every refresh', async () => {
      const gateway = await registry.get(GatewayRegistration).register(ann, { name: 'Lasting', url: upstream.url });
      const [item] = served('lasting-echo');
      const id = item?.id ?? '';
      await change.change(ann, id, { displayName: 'Echo!', tags: ['loud'] });
      await change.setEnabled(ann, id, false);
      expect(served('lasting-echo')).toEqual([]);
      upstream.offer({ tools: [tool('echo', 'anew'), tool('time')] });
      expect(await registry.get(GatewayRefresh).refresh(ann, gateway.id)).toMatchObject({ toolsUpdated: 1 });
      expect(await stored(id)).toMatchObject({
        enabled: false,
        tags: ['loud'],
        overrides: { displayName: 'Echo!' },
        definition: expect.stringContaining('anew'),
        version: 4,
      });
      await change.setEnabled(ann, id, true);
      expect(served('lasting-echo')[0]?.definition).toMatchObject({ title: 'Echo!', description: 'anew' });
      await expect(change.delete(ann, id)).rejects.toMatchObject({ status: 409 });
      await expect(change.change(bob, id, { tags: [] })).rejects.toMatchObject({ status: 403 });
    });
  });
});
