import type { TestingModule } from '@nestjs/testing';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CatalogReader } from '../../src/registry/catalog/catalog.js';
import { GatewayRegistration } from '../../src/registry/gateways/gateway-registration.js';
import { PromptChange } from '../../src/registry/items/kept-prompts/prompt-change.js';
import { ResourceChange } from '../../src/registry/items/kept-resources/resource-change.js';
import { ResourceContents } from '../../src/registry/items/kept-resources/resource-contents.js';
import { PromptEntity } from '../../src/registry/items/prompt.entity.js';
import { ResourceContentPart } from '../../src/registry/items/resource-content.entity.js';
import { ResourceEntity } from '../../src/registry/items/resource.entity.js';
import { memberOf, somebody } from '../fixtures/principals.js';
import { GrowingUpstream } from '../fixtures/registry/growing-upstream.js';
import { openRegistry } from '../fixtures/registry/open-registry.js';
import { onEveryDatabase } from './on-every-database.js';

const RED = 'a'.repeat(32);
const ann = somebody('ann@example.com', memberOf(RED));

describe('what the gateway keeps', () => {
  onEveryDatabase((database) => {
    let registry: TestingModule;
    let uris = 0;
    beforeAll(async () => {
      registry = await openRegistry(database.dataSource, { CONTENT_MAX_RESOURCE_SIZE: String(1024 * 1024) });
    });
    afterAll(() => registry.close());

    const resources = () => registry.get(ResourceChange);
    const create = (more: object) => resources().create(ann, { uri: `test://${(uris += 1)}`, name: 'r', ...more });
    const stored = (id: string) => registry.get(ResourceContents).read(id);
    const parts = (resourceId: string) => database.dataSource.manager.countBy(ResourceContentPart, { resourceId });

    it.each([
      ['nothing', Buffer.alloc(0), 0],
      ['one part to the byte', randomBytes(45_000), 1],
      ['a byte more', randomBytes(45_001), 2],
      ['300 KB', randomBytes(300_000), 7],
      ['as much as may be', randomBytes(1024 * 1024), 24],
    ])('keeps %s, byte for byte', async (_, bytes, count) => {
      const { id } = await create({ blob: bytes.toString('base64') });
      expect(await parts(id)).toBe(count);
      expect((await stored(id)).equals(bytes)).toBe(true);
    });

    it('keeps text whose characters stand across parts', async () => {
      const text = `x${'Grüße, 世界 🌍\n'.repeat(15_000)}`;
      const { id, kept } = await create({ content: text });
      expect((await stored(id)).toString('utf8')).toBe(text);
      expect(kept).toMatchObject({ form: 'text', bytes: Buffer.byteLength(text) });
    });

    it('replaces a content as a whole, with its row or not at all', async () => {
      const before = randomBytes(300_000);
      const { id } = await create({ blob: before.toString('base64') });
      const wishes = Array.from({ length: 4 }, (_, index) => Buffer.alloc(100_000 * (index + 1), index));
      const given = wishes.map((bytes) => resources().change(ann, id, { blob: bytes.toString('base64') }));
      const outcomes = await Promise.allSettled(given);
      const refused = outcomes.filter(({ status }) => status === 'rejected');
      for (const { reason } of refused as PromiseRejectedResult[]) expect(reason).toMatchObject({ status: 409 });
      expect(refused.length).toBeLessThan(wishes.length);
      const now = await stored(id);
      expect(wishes.some((bytes) => bytes.equals(now))).toBe(true);
      const row = await database.dataSource.manager.findOneByOrFail(ResourceEntity, { id });
      expect(row.kept).toMatchObject({ bytes: now.length });
      expect(row.version).toBe(1 + wishes.length - refused.length);
      await create({ uri: 'test://taken', content: 'x' });
      const failing = resources().change(ann, id, { uri: 'test://taken', content: 'lost' });
      await expect(failing).rejects.toMatchObject({ status: 409 });
      expect((await stored(id)).equals(now)).toBe(true);
    });

    it('removes the content with its resource', async () => {
      const { id } = await create({ content: 'x'.repeat(100_000) });
      expect(await parts(id)).toBe(3);
      await resources().delete(ann, id);
      expect(await parts(id)).toBe(0);
    });

    it('moves an item to another tenant with its name', async () => {
      const row = await create({ content: 'x' });
      await resources().change(ann, row.id, { teamId: RED, visibility: 'team' });
      await expect(create({ uri: row.upstreamName, content: 'y' })).resolves.toMatchObject({ source: ann.subject });
      const back = resources().change(ann, row.id, { visibility: 'private' });
      await expect(back).resolves.toMatchObject({ source: RED });
    });

    it('keeps templates of the largest size', async () => {
      const big = await openRegistry(database.dataSource, { CONTENT_MAX_PROMPT_SIZE: '50000' });
      const template = '{{a}} 世界 🌍\n'.repeat(2600);
      expect(Buffer.byteLength(template)).toBeGreaterThan(45_000);
      const make = (name: string, text: string) =>
        big.get(PromptChange).create(ann, { name, template: text, arguments: [{ name: 'a' }] });
      const { id } = await make('big', template);
      const row = await database.dataSource.manager.findOneByOrFail(PromptEntity, { id });
      expect(row.kept).toEqual({ template });
      // Each takes six bytes in JSON.
      await expect(make('control', '\u0001'.repeat(20_000))).rejects.toMatchObject({ status: 413 });
      await big.close();
    });

    it('serves the older of two with one URI, whichever of them is kept here', async () => {
      const upstream = await GrowingUpstream.start({
        resources: [
          { uri: 'test://first', name: 'a' },
          { uri: 'test://second', name: 'b' },
        ],
      });
      const older = await create({ uri: 'test://first', content: 'x' });
      const { id: gatewayId } = await registry
        .get(GatewayRegistration)
        .register(ann, { name: 'Between', url: upstream.url });
      await create({ uri: 'test://second', content: 'x' });
      const { resourcesByUri } = registry.get(CatalogReader).current.everything;
      expect(resourcesByUri.get('test://first')?.map(({ gateway }) => gateway?.id)).toEqual([undefined, gatewayId]);
      expect(resourcesByUri.get('test://first')?.[0]?.id).toBe(older.id);
      expect(resourcesByUri.get('test://second')?.map(({ gateway }) => gateway?.id)).toEqual([gatewayId, undefined]);
      await upstream.close();
    });
  });
});
