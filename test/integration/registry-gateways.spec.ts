import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CatalogReader } from '../../src/registry/catalog/catalog.js';
import { CatalogService } from '../../src/registry/catalog/catalog.service.js';
import { CredentialVault } from '../../src/registry/gateways/credential-vault.js';
import { GatewayChange } from '../../src/registry/gateways/gateway-change.js';
import { GatewayReader } from '../../src/registry/gateways/gateway-reader.js';
import { GatewayRefresh } from '../../src/registry/gateways/gateway-refresh.js';
import { GatewayRegistration } from '../../src/registry/gateways/gateway-registration.js';
import { GatewayTargets } from '../../src/registry/gateways/gateway-targets.js';
import { GatewayWriter } from '../../src/registry/gateways/gateway-writer.js';
import { GatewayEntity } from '../../src/registry/gateways/gateway.entity.js';
import { HealthMonitor } from '../../src/registry/gateways/health-monitor.js';
import { UpstreamClient } from '../../src/registry/gateways/upstream-client.js';
import { PromptEntity } from '../../src/registry/items/prompt.entity.js';
import { ResourceEntity } from '../../src/registry/items/resource.entity.js';
import { ToolEntity } from '../../src/registry/items/tool.entity.js';
import { administrator, memberOf, somebody } from '../fixtures/principals.js';
import { GrowingUpstream, tool } from '../fixtures/registry/growing-upstream.js';
import { openRegistry } from '../fixtures/registry/open-registry.js';
import { onEveryDatabase } from './on-every-database.js';

const RED = 'a'.repeat(32);
const BLUE = 'b'.repeat(32);
const ann = somebody('ann@example.com', memberOf(RED));
const bob = somebody('bob@example.com', memberOf(BLUE));

describe('the gateways of the registry', () => {
  onEveryDatabase((database) => {
    let registry: TestingModule;
    let upstream: GrowingUpstream;
    let names = 0;

    const register = (more: object = {}, caller = ann) =>
      registry
        .get(GatewayRegistration)
        .register(caller, { name: `gateway ${(names += 1)}`, url: upstream.url, ...more });
    const tools = (gatewayId: string) =>
      database.dataSource.manager.find(ToolEntity, { where: { gatewayId }, order: { position: 'ASC' } });
    const catalog = () => registry.get(CatalogReader).current;

    beforeAll(async () => {
      registry = await openRegistry(database.dataSource);
      upstream = await GrowingUpstream.start({});
    });
    beforeEach(() => {
      upstream.offer({
        tools: [tool('first'), tool('second')],
        resources: [{ uri: 'test://a', name: 'a' }],
        resourceTemplates: [{ uriTemplate: 'test://{name}', name: 'any' }],
        prompts: [{ name: 'greet' }],
      });
    });
    afterAll(async () => {
      await registry.close();
      await upstream.close();
    });

    it('stores what the upstream offers, byte for byte, and serves it at once', async () => {
      const odd = { ...tool('odd'), 'x-unknown': { deep: [1, 'ü', null] }, description: 'Grüße 🚪 <b>&amp;</b>' };
      upstream.offer({ tools: [odd] });
      const { id, slug } = await register();
      const [row] = await tools(id);
      expect(JSON.parse(row?.definition ?? '')).toEqual(odd);
      expect(catalog().everything.toolsByName.get(`${slug}-odd`)?.[0]?.definition).toEqual({
        ...odd,
        name: `${slug}-odd`,
      });
    });

    it('gives items the owner, team and visibility of their gateway, and keeps them so', async () => {
      const gateway = await register({ visibility: 'team', teamId: RED });
      expect(await tools(gateway.id)).toMatchObject([{ visibility: 'team', teamId: RED, ownerEmail: ann.subject }, {}]);
      await registry.get(GatewayChange).change(ann, gateway.id, { visibility: 'private' });
      for (const entity of [ToolEntity, ResourceEntity, PromptEntity]) {
        const rows = await database.dataSource.manager.findBy(entity, { gatewayId: gateway.id });
        expect(rows.map(({ visibility }) => visibility)).toEqual(rows.map(() => 'private'));
      }
    });

    it('takes a name once in a team, and again in another', async () => {
      await register({ name: 'Shared Name', visibility: 'team', teamId: RED });
      const again = register({ name: 'shared-name', visibility: 'public', teamId: RED });
      await expect(again).rejects.toMatchObject({ status: 409, message: 'Gateway name already exists' });
      await expect(register({ name: 'Shared Name', teamId: BLUE }, bob)).resolves.toMatchObject({
        slug: 'shared-name',
      });
      await expect(register({ name: 'Shared Name' })).resolves.toMatchObject({ slug: 'shared-name' });
    });

    it('lets one of two simultaneous registrations of a name win', async () => {
      const answers = await Promise.allSettled([1, 2, 3].map(() => register({ name: 'race' })));
      const lost = answers.filter((answer) => answer.status === 'rejected');
      expect(lost.map(({ reason }) => (reason as { status: number }).status)).toEqual([409, 409]);
    });

    it('stores nothing of an upstream that fails half-way', async () => {
      const before = await database.dataSource.manager.count(GatewayEntity);
      upstream.scripted.change({ 'prompts/list': { status: 500 } });
      await expect(register()).rejects.toMatchObject({ status: 502, message: expect.stringContaining('HTTP 500') });
      expect(await database.dataSource.manager.count(GatewayEntity)).toBe(before);
    });

    it('keeps the ids of what is still there, and counts what changed', async () => {
      const { id } = await register();
      const [first] = await tools(id);
      upstream.offer({
        tools: [tool('third'), tool('first'), tool('second', 'Something else.')],
        resources: [{ uri: 'test://b', name: 'b' }],
        prompts: [{ name: 'greet' }],
      });
      expect(await registry.get(GatewayRefresh).refresh(ann, id)).toMatchObject({
        success: true,
        toolsAdded: 1,
        toolsUpdated: 1,
        toolsRemoved: 0,
        resourcesAdded: 1,
        resourcesUpdated: 0,
        resourcesRemoved: 2,
        promptsAdded: 0,
        promptsUpdated: 0,
        promptsRemoved: 0,
      });
      const after = await tools(id);
      expect(after.map(({ upstreamName }) => upstreamName)).toEqual(['third', 'first', 'second']);
      expect(after[1]).toMatchObject({ id: first?.id, version: 1 });
      expect(after[2]).toMatchObject({ version: 2, modifiedBy: ann.subject });
    });

    it('goes on with the catalogue that it has when a refresh finds nothing new, but for the order', async () => {
      const { id } = await register();
      const before = catalog();
      await registry.get(GatewayRefresh).refresh(ann, id);
      await registry.get(GatewayRefresh).follow(id);
      expect(catalog()).toBe(before);
      upstream.offer({
        tools: [tool('second'), tool('first')],
        resources: [{ uri: 'test://a', name: 'a' }],
        resourceTemplates: [{ uriTemplate: 'test://{name}', name: 'any' }],
        prompts: [{ name: 'greet' }],
      });
      await registry.get(GatewayRefresh).refresh(ann, id);
      const listed = catalog().everything.tools.filter(({ gateway }) => gateway?.id === id);
      expect(listed.map(({ upstreamName }) => upstreamName)).toEqual(['second', 'first']);
    });

    it('tells names apart that differ in case, accents or trailing signs only', async () => {
      upstream.offer({
        tools: [tool('get'), tool('Get'), tool('GET')],
        resources: ['test://é', 'test://e', 'test://E'].map((uri) => ({ uri, name: 'x' })),
      });
      const { id } = await register();
      expect((await tools(id)).map(({ upstreamName }) => upstreamName)).toEqual(['get', 'Get', 'GET']);
      expect(await database.dataSource.manager.countBy(ResourceEntity, { gatewayId: id })).toBe(3);
    });

    it('takes long definitions and long lists', async () => {
      const wide = { ...tool('wide'), inputSchema: { type: 'object', description: 'ü'.repeat(29_000) } };
      upstream.offer({ tools: [wide, ...Array.from({ length: 1200 }, (_, index) => tool(`tool_${index}`))] });
      const { id } = await register();
      expect(await tools(id)).toHaveLength(1201);
      upstream.offer({ tools: [tool('tool_7')] });
      expect(await registry.get(GatewayRefresh).refresh(ann, id)).toMatchObject({
        toolsRemoved: 1200,
        toolsUpdated: 0,
      });
    });

    it('reports what it leaves out and keeps the report bounded', async () => {
      const bad = Array.from({ length: 80 }, (_, index) => tool(`bad name ${index}`));
      upstream.offer({ tools: [tool('good'), ...bad] });
      const { id, skipped } = await register();
      expect(await tools(id)).toHaveLength(1);
      expect(skipped).toHaveLength(50);
      expect(skipped[0]).toMatchObject({ kind: 'tool', name: 'bad name 0', reason: expect.stringContaining('name') });
    });

    it('refuses a change of what somebody else has changed meanwhile', async () => {
      const gateway = await register();
      const change = (description: string) => registry.get(GatewayChange).change(ann, gateway.id, { description });
      const answers = await Promise.allSettled([change('one'), change('two')]);
      const lost = answers.filter((answer) => answer.status === 'rejected');
      for (const { reason } of lost) expect(reason).toMatchObject({ status: 409 });
      const stored = await database.dataSource.manager.findOneByOrFail(GatewayEntity, { id: gateway.id });
      expect(stored.version).toBe(1 + answers.length - lost.length);
    });

    it('keeps what is not given, the credential above all', async () => {
      const gateway = await register({
        authType: 'bearer',
        authToken: 'canary-token',
        tags: ['kept'],
        visibility: 'private',
      });
      await registry.get(GatewayChange).change(ann, gateway.id, { description: 'new', authToken: '*****' });
      const stored = await database.dataSource.manager.findOneByOrFail(GatewayEntity, { id: gateway.id });
      expect(stored).toMatchObject({ tags: ['kept'], visibility: 'private', description: 'new', authType: 'bearer' });
      expect(await registry.get(CredentialVault).open(stored)).toEqual({ type: 'bearer', token: 'canary-token' });
      expect(JSON.stringify(stored)).not.toContain('canary');
      const shown = await registry.get(GatewayReader).shown([stored]);
      expect(JSON.stringify(shown)).not.toContain('canary');
    });

    it('writes a refresh only over the gateway that it was made for', async () => {
      const { id } = await register();
      const stale = await registry.get(GatewayReader).demand(ann, 'gateways.update', id);
      await registry.get(GatewayChange).change(ann, id, { visibility: 'private' });
      upstream.offer({ tools: [tool('late')] });
      const { target } = await registry.get(GatewayTargets).bare(stale);
      const survey = await registry.get(UpstreamClient).survey(target);
      const late = registry.get(GatewayWriter).resurvey(stale, {}, ann, survey);
      await expect(late).rejects.toMatchObject({ status: 409, message: expect.stringContaining('meanwhile') });
      expect((await tools(id)).map((row) => [row.upstreamName, row.visibility])).toEqual([
        ['first', 'private'],
        ['second', 'private'],
      ]);
    });

    it('makes one version of each change that took effect, and leaves nothing half done, however they meet', async () => {
      const { id } = await register();
      const changer = registry.get(GatewayChange);
      const answers = await Promise.allSettled([
        changer.change(ann, id, { visibility: 'private' }),
        registry.get(GatewayRefresh).refresh(ann, id),
        changer.setEnabled(ann, id, false),
        changer.change(ann, id, { visibility: 'team', teamId: RED }),
        changer.change(ann, id, { description: 'new' }),
      ]);
      const lost = answers.filter((answer) => answer.status === 'rejected');
      expect(lost.every(({ reason }) => (reason as { status: number }).status === 409)).toBe(true);
      const row = await database.dataSource.manager.findOneByOrFail(GatewayEntity, { id });
      expect(row.version).toBe(1 + answers.length - lost.length);
      for (const item of await tools(id))
        expect(item).toMatchObject({ visibility: row.visibility, teamId: row.teamId });
      await Promise.allSettled([changer.delete(ann, id), registry.get(GatewayRefresh).refresh(ann, id)]);
      expect(await tools(id)).toEqual([]);
      expect(await database.dataSource.manager.countBy(GatewayEntity, { id })).toBe(0);
    });

    it('sends a stored credential to no other server', async () => {
      const gateway = await register({ authType: 'bearer', authToken: 'canary-token' });
      const other = await GrowingUpstream.start({});
      const move = (more: object) => registry.get(GatewayChange).change(ann, gateway.id, { url: other.url, ...more });
      await expect(move({})).rejects.toMatchObject({ status: 422 });
      await expect(move({ authToken: '*****' })).rejects.toMatchObject({ status: 422 });
      expect(other.scripted.calls.requests).toEqual([]);
      await move({ authToken: 'another' });
      expect(other.scripted.calls.requests[0]?.headers['authorization']).toBe('Bearer another');
      await other.close();
    });

    it('leaves a gateway out whose credential cannot be opened, and serves the others', async () => {
      const broken = await register({ authType: 'bearer', authToken: 'canary-token' });
      await database.dataSource.manager.update(GatewayEntity, { id: broken.id }, { authValue: 'not a sealed text' });
      const whole = await register();
      const slugs = new Set(catalog().everything.tools.map(({ gateway }) => gateway?.slug));
      expect(slugs).toContain(whole.slug);
      expect(slugs).not.toContain(broken.slug);
      await expect(registry.get(GatewayRefresh).refresh(ann, broken.id)).rejects.toMatchObject({ status: 409 });
      await registry.get(GatewayChange).delete(ann, broken.id);
    });

    it('hides what is disabled and removes what is deleted', async () => {
      const { id, slug } = await register();
      const served = () => catalog().everything.toolsByName.has(`${slug}-first`);
      expect(served()).toBe(true);
      await registry.get(GatewayChange).setEnabled(ann, id, false);
      expect(served()).toBe(false);
      await registry.get(GatewayChange).setEnabled(ann, id, true);
      expect(served()).toBe(true);
      await registry.get(GatewayChange).delete(ann, id);
      expect(served()).toBe(false);
      expect(await tools(id)).toEqual([]);
    });

    it('answers like for nothing about what the caller may not see, and refuses what is not theirs', async () => {
      const hidden = await register({ visibility: 'private' });
      const open = await register({ visibility: 'public' });
      const changer = registry.get(GatewayChange);
      await expect(changer.delete(bob, hidden.id)).rejects.toMatchObject({ status: 404 });
      await expect(changer.delete(administrator, hidden.id)).rejects.toMatchObject({ status: 404 });
      await expect(changer.delete(bob, open.id)).rejects.toMatchObject({ status: 403 });
      await expect(changer.delete(administrator, open.id)).resolves.toMatchObject({ id: open.id });
    });

    it('counts an upstream as unreachable after three failures in a row, and as reachable after one success', async () => {
      await database.dataSource.manager.createQueryBuilder().delete().from(GatewayEntity).execute();
      const { id } = await register();
      const monitor = registry.get(HealthMonitor);
      const reachable = async () =>
        (await database.dataSource.manager.findOneByOrFail(GatewayEntity, { id })).reachable;
      const served = () => catalog().everything.tools[0]?.gateway?.reachable;
      const rounds = async (...expected: boolean[]) => {
        for (const answer of expected) {
          await monitor.round();
          await registry.get(CatalogService).refreshed();
          expect([await reachable(), served()]).toEqual([answer, answer]);
        }
      };
      upstream.break();
      await rounds(true, true, false, false);
      upstream.mend();
      await rounds(true);
      upstream.break();
      await rounds(true, true);
      upstream.mend();
      await rounds(true);
      upstream.break();
      await rounds(true, true, false);
      upstream.mend();
      await registry.get(GatewayRefresh).refresh(ann, id);
      upstream.break();
      await rounds(true, true, false);
      upstream.mend();
    });
  });
});
