import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { catalogParts, gatewayPart } from '../../../test/fixtures/registry/catalog-parts.js';
import { Logger } from '@nestjs/common';
import { InProcessChangeBus } from '../../changes/change-bus.js';
import { type CatalogParts, CatalogSource } from './catalog-source.js';
import { CatalogService } from './catalog.service.js';

/** Answers each load when it is told to. */
class ControlledSource extends CatalogSource {
  readonly waiting: { answer: (parts?: CatalogParts) => void; fail: (error: Error) => void }[] = [];
  loads = 0;

  load(): Promise<CatalogParts> {
    this.loads += 1;
    return new Promise((resolve, fail) => {
      this.waiting.push({ answer: (parts = catalogParts({})) => resolve(parts), fail });
    });
  }

  async next(): Promise<{ answer: (parts?: CatalogParts) => void; fail: (error: Error) => void }> {
    for (;;) {
      const waiting = this.waiting.shift();
      if (waiting) return waiting;
      await new Promise(setImmediate);
    }
  }
}

async function started() {
  const source = new ControlledSource();
  const bus = new InProcessChangeBus();
  const service = new CatalogService(source, bus);
  const starting = service.onApplicationBootstrap();
  (await source.next()).answer();
  await starting;
  return { source, bus, service, change: () => bus.publish({ kind: 'registry_changed' }) };
}

async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  void promise.then(
    () => (done = true),
    () => (done = true),
  );
  await new Promise(setImmediate);
  return done;
}

describe(CatalogService.name, () => {
  beforeAll(() => Logger.overrideLogger(false));
  afterEach(() => vi.useRealTimers());

  it('refuses to be read before it is loaded', () => {
    expect(() => new CatalogService(new ControlledSource(), new InProcessChangeBus()).current).toThrow(
      'before it is loaded',
    );
  });

  it('lets a writer wait until its change is served', async () => {
    const { service, source, change } = await started();
    change();
    const refreshed = service.refreshed();
    expect(await settled(refreshed)).toBe(false);
    (await source.next()).answer(catalogParts({ gateways: [gatewayPart('new')] }));
    await refreshed;
    expect(service.current.version).toBe(2);
  });

  it('does not wait when nothing has changed', async () => {
    const { service, source } = await started();
    await service.refreshed();
    expect(source.loads).toBe(1);
  });

  it('builds once for all changes that came while it was building, and not before them', async () => {
    const { service, source, change } = await started();
    change();
    const first = await source.next();
    for (let count = 0; count < 50; count += 1) change();
    const refreshed = service.refreshed();
    first.answer();
    const second = await source.next();
    expect(await settled(refreshed)).toBe(false);
    second.answer();
    await refreshed;
    expect(source.loads).toBe(3);
  });

  it('picks up a change that is announced at the very end of building', async () => {
    const { service, source, change } = await started();
    change();
    (await source.next()).answer();
    await service.refreshed().then(change);
    (await source.next()).answer();
    await service.refreshed();
    expect(service.current.version).toBe(3);
  });

  it('serves on what it had when it cannot build, tells the writer, and tries again by itself', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { service, source, change } = await started();
    const before = service.current;
    change();
    const refreshed = service.refreshed();
    (await source.next()).fail(new Error('the database went away'));
    await expect(refreshed).rejects.toThrow('the database went away');
    expect(service.current).toBe(before);
    await vi.advanceTimersByTimeAsync(1_000);
    (await source.next()).answer();
    await service.refreshed();
    expect(service.current.version).toBe(2);
  });

  it('ignores other changes, and stops when the application does', async () => {
    const { service, source, bus, change } = await started();
    bus.publish({ kind: 'token_revoked', jti: 'x' });
    await service.beforeApplicationShutdown();
    change();
    await service.refreshed();
    expect(source.loads).toBe(1);
  });
});
