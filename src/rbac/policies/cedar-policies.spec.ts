import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DataSource } from 'typeorm';
import { openMemoryDatabase } from '../../../test/fixtures/memory-database.js';
import { memberOf, somebody } from '../../../test/fixtures/principals.js';
import { question } from '../../../test/fixtures/rbac/compiled.js';
import { InProcessChangeBus } from '../../changes/change-bus.js';
import { AccessService, type Circumstances } from '../access.service.js';
import { NoCheckLog } from '../../../test/fixtures/fakes/no-check-log.js';
import { CedarPolicies } from './cedar-policies.js';
import type { Question } from './cedar/question.js';
import { PolicySource, type StoredText } from './policy-store.js';
import { ShadowFindings } from './shadow-findings.js';

const ANN = somebody('ann@example.com', memberOf());
const { row: ROW } = question();
const CALL = 'forbid (principal, action == Action::"tools.execute", resource is Tool)';

const stored = (text: string, more: Partial<StoredText> = {}): StoredText => ({
  policyId: 'p',
  name: 'a policy',
  version: 1,
  active: true,
  text,
  ...more,
});

class Shelf extends PolicySource {
  texts: StoredText[] = [];
  broken = false;

  load(): Promise<StoredText[]> {
    return this.broken ? Promise.reject(new Error('no database')) : Promise.resolve(this.texts);
  }
}

class NotedFindings extends ShadowFindings {
  readonly noted: unknown[] = [];

  override note({ row }: Question, { policyId, version }: StoredText): void {
    this.noted.push([row?.name, policyId, version]);
  }
}

describe(CedarPolicies.name, () => {
  let database: DataSource;
  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await openMemoryDatabase();
  });
  afterAll(() => database.destroy());
  afterEach(() => vi.useRealTimers());

  const made = () => {
    const [shelf, bus] = [new Shelf(), new InProcessChangeBus()];
    const findings = new NotedFindings(database);
    const engine = new CedarPolicies(shelf, findings, bus);
    const access = new AccessService(engine, new NoCheckLog());
    const change = async (...texts: StoredText[]): Promise<void> => {
      shelf.texts = texts;
      bus.publish({ kind: 'policies_changed' });
      await engine.refreshed();
    };
    const call = (at?: Circumstances) => access.decide(ANN, 'tools.execute', ROW, at);
    return { shelf, bus, engine, access, change, call, findings };
  };
  const started = async (...texts: StoredText[]) => {
    const parts = made();
    parts.shelf.texts = texts;
    await parts.engine.onApplicationBootstrap();
    return parts;
  };

  it('denies everything before it knows the policies', () => {
    const { call, engine } = made();
    expect(call()).toEqual({ allowed: false, reason: 'error' });
    expect(engine.version('tools.read')).toBeUndefined();
  });

  it('does not start without them', async () => {
    const { shelf, engine, call } = made();
    shelf.broken = true;
    await expect(engine.onApplicationBootstrap()).rejects.toThrow('no database');
    expect(call()).toEqual({ allowed: false, reason: 'error' });
    await engine.beforeApplicationShutdown();
  });

  it('denies everything from a change that it can’t read until it can', async () => {
    vi.useFakeTimers();
    const { shelf, engine, call, change } = await started();
    expect(call().allowed).toBe(true);
    shelf.broken = true;
    await expect(change(stored(`${CALL};`))).rejects.toThrow('no database');
    expect(call()).toEqual({ allowed: false, reason: 'error' });
    shelf.broken = false;
    await vi.advanceTimersByTimeAsync(1000);
    expect(call()).toMatchObject({ reason: 'policy' });
    await engine.beforeApplicationShutdown();
  });

  it('forbids after roles have allowed, and says which policy does', async () => {
    const { call, access, change } = await started(stored(`${CALL};`));
    expect(call()).toEqual({ allowed: false, reason: 'policy', policies: ['p'] });
    expect(access.decide(ANN, 'tools.read', ROW)).toMatchObject({ allowed: true });
    await change();
    expect(call().allowed).toBe(true);
  });

  it('obeys a change at once, and answers from no memory of before', async () => {
    const { call, change } = await started(stored(`${CALL};`));
    for (let version = 2; version < 8; version += 1) {
      await change(stored(`${CALL} when { resource.name == "${version % 2 === 0 ? 'other' : 'echo'}" };`, { version }));
      expect([version, call().allowed]).toEqual([version, version % 2 === 0]);
    }
  });

  it('denies where a policy can’t be asked', async () => {
    const text = `${CALL} when { context.arguments.hasTag("n") && context.arguments.getTag("n") has number && context.arguments.getTag("n").number * 9223372036854775807 > 0 };`;
    const { call } = await started(stored(text));
    expect(call({ arguments: { n: 7 } })).toEqual({ allowed: false, reason: 'error', policies: ['p'] });
    expect(call({ arguments: {} }).allowed).toBe(true);
  });

  it.each([
    'permit (principal, action, resource);',
    'forbid (',
    'forbid (principal, action == Action::"old", resource);',
  ])('takes a stored text that it does not understand for one that forbids everything: %s', async (text) => {
    const { call, access } = await started(
      stored(text),
      stored(`${CALL} when { principal.admin };`, { policyId: 'q' }),
    );
    expect(call()).toEqual({ allowed: false, reason: 'policy', policies: ['p'] });
    expect(access.decide(ANN, 'admin.system_config').reason).toBe('policy');
    expect(access.decide(ANN, 'policies.update').allowed).toBe(true);
  });

  it('lets drafts decide nothing, and writes down what they would have denied of what was done', async () => {
    const { call, access, findings } = await started(
      stored(`${CALL} when { resource.name == "other" };`),
      stored(`${CALL};`, { version: 2, active: false }),
    );
    expect(call().allowed).toBe(true);
    expect(findings.noted).toEqual([]);
    expect(access.check(ANN, 'tools.execute', ROW).allowed).toBe(true);
    expect(access.visible(ANN, 'tools.execute', ROW ? [ROW] : [])).toEqual([ROW]);
    const other = { visibility: 'public', teamId: null, ownerEmail: null, name: 'other' } as const;
    expect(access.check(ANN, 'tools.execute', other).reason).toBe('policy');
    expect(findings.noted).toEqual([
      ['echo', 'p', 2],
      ['echo', 'p', 2],
    ]);
  });

  it('says for how long an answer holds', async () => {
    const { engine, change, bus } = await started();
    const none = engine.version('tools.read');
    expect(none).toBeDefined();
    bus.publish({ kind: 'anything_changed' });
    await engine.refreshed();
    expect(engine.version('tools.read')).toBe(none);
    await change(
      stored('forbid (principal, action == Action::"tools.read", resource is Tool) when { context.hour < 8 };'),
    );
    expect(engine.version('tools.read')).toBeUndefined();
    expect(engine.version('tools.execute')).not.toBe(none);
  });
});
